//! A log-in against the rehearsal page: the way that works, and every way that does not.

use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;

use super::*;
use crate::clock::ManualClock;
use crate::language::Language;
use crate::rehearsal::mood::{Kind, Mood, Whim};
use crate::rehearsal::{
    APP_ID, APP_SECRET, OTHER_PAGE_ID, PAGE_ID, RehearsalPage, Settings, Switches, TOKENS_START,
};

/// The token that the rehearsal page opens with, whoever logs in.
const OWN_TOKEN: &str = "EAAGm0PX4ZCpsBA";
const REDIRECT: &str = "http://localhost:8036/";

/// A Page, the app that wants to post there, and the person at the dialog.
struct Scene {
    page: RehearsalPage,
    clock: ManualClock,
    root: Url,
    browser: Client,
}

impl Scene {
    async fn set() -> Self {
        let clock = ManualClock::at("2026-11-24T05:00:00Z".parse().unwrap());
        let settings = Settings::in_memory(OWN_TOKEN, Arc::new(clock.clone()));
        let page = RehearsalPage::open(settings).unwrap();
        page.allow_redirect(REDIRECT);
        let address = page.serve_on_loopback().await.unwrap();
        let browser = crate::http_client::graph_client(Duration::from_secs(30), None).unwrap();
        Self {
            page,
            clock,
            root: format!("http://{address}").parse().unwrap(),
            browser,
        }
    }

    fn settings(&self) -> LoginSettings {
        LoginSettings {
            graph_url: self.root.clone(),
            version: "v26.0".to_owned(),
            app_id: APP_ID.to_owned(),
            app_secret: Box::new(|| Ok(APP_SECRET.into())),
            redirect: REDIRECT.parse().unwrap(),
            config_id: None,
            business: false,
        }
    }

    fn login_with(&self, settings: LoginSettings) -> Login {
        Login::new(self.browser.clone(), settings, Arc::new(self.clock.clone()))
    }

    fn login(&self) -> Login {
        self.login_with(self.settings())
    }

    /// The person at the dialog ticks everything but `without`, and `also`; says where it led.
    async fn agrees(&self, begun: &Begun, without: &[&str], also: &[&str]) -> String {
        let pairs = begun.address.query_pairs();
        let scope = pairs.into_owned().find(|(key, _)| key == "scope");
        let scopes = scope.map(|(_, scopes)| scopes).unwrap_or_default();
        let scopes = scopes.split(' ').map(|scope| format!("scope:{scope}"));
        let page = format!("page:{PAGE_ID}");
        let ticks = ["agree", "in-app", "may-post", page.as_str()].map(ToOwned::to_owned);
        let ticked: Vec<(String, &str)> = scopes
            .chain(ticks)
            .chain(also.iter().map(|tick| (*tick).to_owned()))
            .filter(|tick| !without.contains(&tick.as_str()))
            .map(|tick| (tick, "on"))
            .collect();
        let call = self.browser.post(begun.address.clone()).form(&ticked);
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status(), 303);
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    /// A whole log-in; what came of it for the rehearsal page's own Page.
    async fn log_in(
        &self,
        login: &Login,
        without: &[&str],
        also: &[&str],
    ) -> Result<Grant, LoginError> {
        let begun = login.begin().unwrap();
        let back = self.agrees(&begun, without, also).await;
        let person = login.person_token(&begun.code(&back)?).await?;
        let grants = login.grants(&person, &[PAGE_ID.to_owned()]).await?;
        grants.into_iter().next().unwrap()
    }

    /// A person without a role in an app that is not open to everybody.
    async fn fails_in_development(&self, login: &Login) -> String {
        self.page.switch(|switches| switches.development = true);
        let told = self.fails(login, &["in-app"], &[]).await;
        self.page.switch(|switches| switches.development = false);
        told
    }

    async fn fails(&self, login: &Login, without: &[&str], also: &[&str]) -> String {
        let error = self.log_in(login, without, also).await.unwrap_err();
        Language::Vi.cause(&error.to_string())
    }
}

#[tokio::test]
async fn a_person_who_leaves_every_tick_lets_loa_in_for_good() {
    let scene = Scene::set().await;
    let grant = scene.log_in(&scene.login(), &[], &[]).await.unwrap();
    assert_eq!((grant.page.as_str(), grant.expires), (PAGE_ID, None));
    assert_eq!(grant.app_id.as_deref(), Some(APP_ID));
    assert!(grant.token.expose_secret().starts_with(TOKENS_START));
    scene.clock.advance(Duration::from_secs(400 * 86_400));
    let later = scene.login().take(grant.token, PAGE_ID).await;
    assert!(later.is_ok(), "{later:?}");
}

#[tokio::test]
async fn every_way_it_can_go_wrong_says_what_to_click() {
    let scene = Scene::set().await;
    let login = scene.login();
    let page = format!("page:{PAGE_ID}");
    let other = format!("page:{OTHER_PAGE_ID}");
    let secret = scene.login_with(LoginSettings {
        app_secret: Box::new(|| Ok("wrong".into())),
        ..scene.settings()
    });
    let unreadable = scene.login_with(LoginSettings {
        app_secret: Box::new(|| Err("it is damaged".to_owned())),
        ..scene.settings()
    });
    let business = scene.login_with(LoginSettings {
        business: true,
        ..scene.settings()
    });
    let told = [
        scene.fails(&login, &["agree"], &[]).await,
        scene
            .fails(&login, &["scope:pages_manage_posts"], &[])
            .await,
        scene
            .fails(&login, &["scope:pages_read_user_content"], &[])
            .await,
        scene
            .fails(
                &business,
                &["scope:business_management"],
                &["through-business"],
            )
            .await,
        scene.fails(&login, &[&page], &[&other]).await,
        scene.fails(&login, &[&page], &[]).await,
        scene.fails(&login, &[], &["through-business"]).await,
        scene.fails(&login, &["may-post"], &[]).await,
        scene.fails(&secret, &[], &[]).await,
        scene.fails(&unreadable, &[], &[]).await,
        scene.fails_in_development(&login).await,
    ];
    insta::assert_snapshot!(told.join("\n"), @r"
    đã hủy đăng nhập: hãy chạy lại và bấm Tiếp tục trong hộp thoại của Facebook
    các quyền này chưa được cho phép: pages_manage_posts; hãy chạy lại và giữ nguyên mọi dấu chọn trong hộp thoại của Facebook
    các quyền này chưa được cho phép: pages_read_user_content; hãy chạy lại và giữ nguyên mọi dấu chọn trong hộp thoại của Facebook
    các quyền này chưa được cho phép: business_management; hãy chạy lại và giữ nguyên mọi dấu chọn trong hộp thoại của Facebook
    Facebook không đưa ra Trang 350350350350350; chỉ có: Trang khác (350350350350351). Hãy chạy lại, bấm Chỉnh sửa quyền truy cập trong hộp thoại của Facebook và chọn Trang; nếu Trang thuộc tài khoản doanh nghiệp, hãy chạy `loa login --business`
    Facebook không đưa ra Trang 350350350350350; chỉ có: không có Trang nào. Hãy chạy lại, bấm Chỉnh sửa quyền truy cập trong hộp thoại của Facebook và chọn Trang; nếu Trang thuộc tài khoản doanh nghiệp, hãy chạy `loa login --business`
    Facebook không đưa ra Trang 350350350350350; chỉ có: không có Trang nào. Hãy chạy lại, bấm Chỉnh sửa quyền truy cập trong hộp thoại của Facebook và chọn Trang; nếu Trang thuộc tài khoản doanh nghiệp, hãy chạy `loa login --business`
    tài khoản này không được tạo nội dung trên Trang Cần Đước 35: quản trị viên của Trang hãy cấp quyền ở Cài đặt → Quyền truy cập Trang
    khóa ứng dụng (App secret) không đúng: hãy chép lại ở mục Settings → Basic → App secret → Show của ứng dụng
    không đọc được khóa ứng dụng (App secret): tệp bị hỏng
    ứng dụng đang ở chế độ phát triển và không nhận người này: vào App Dashboard chuyển sang chế độ Live (Công khai), hoặc thêm người này ở App roles → Roles
    ");
}

#[tokio::test]
async fn every_way_a_code_can_be_no_good_says_what_to_click() {
    let scene = Scene::set().await;
    let login = scene.login();
    let begun = login.begin().unwrap();
    let code = begun.code(&scene.agrees(&begun, &[], &[]).await).unwrap();
    let elsewhere = scene.login_with(LoginSettings {
        redirect: "http://localhost:9999/".parse().unwrap(),
        ..scene.settings()
    });
    let other_app = scene.login_with(LoginSettings {
        app_id: "99".to_owned(),
        ..scene.settings()
    });
    let mut told = vec![
        elsewhere.person_token(&code).await.unwrap_err(),
        other_app.person_token(&code).await.unwrap_err(),
    ];
    assert!(login.person_token(&code).await.is_ok());
    told.push(login.person_token(&code).await.unwrap_err());
    let code = begun.code(&scene.agrees(&begun, &[], &[]).await).unwrap();
    scene.clock.advance(Duration::from_secs(601));
    told.push(login.person_token(&code).await.unwrap_err());
    // Nobody knows whether the code was used: nothing is tried again by itself.
    let code = begun.code(&scene.agrees(&begun, &[], &[]).await).unwrap();
    let calls = scene.page.calls().len();
    scene.page.set_mood(Mood {
        whim: Whim::Html { done: true },
        on: Kind::Read,
        calls: 1,
    });
    told.push(login.person_token(&code).await.unwrap_err());
    assert_eq!(scene.page.calls().len(), calls + 1);
    insta::assert_snapshot!(in_vietnamese(&told), @r"
    địa chỉ quay về khác với địa chỉ của ứng dụng: trong phần cài đặt ứng dụng, vào Facebook Login → Settings → Valid OAuth Redirect URIs và ghi đúng http://localhost:9999/
    Facebook không biết ứng dụng có mã này: hãy chép App ID ở mục Settings → Basic của ứng dụng vào facebook.app_id
    mã này đã được dùng: hãy chạy lại và chỉ dán mỗi địa chỉ một lần
    mã này đã hết hạn: hãy chạy lại và dán địa chỉ trong vòng mười phút
    không kết nối được với Facebook: câu trả lời không hiểu được; hãy chạy lại
    ");
}

#[tokio::test]
async fn every_token_that_is_no_good_says_what_to_click() {
    let scene = Scene::set().await;
    let login = scene.login();
    let page = format!("page:{PAGE_ID}");
    let other = format!("page:{OTHER_PAGE_ID}");
    let begun = login.begin().unwrap();
    let code = begun.code(&scene.agrees(&begun, &[], &[]).await).unwrap();
    let person = login.person_token(&code).await.unwrap();
    let good = login.take(person, PAGE_ID).await.unwrap().token;
    let back = scene.agrees(&begun, &[&page], &[&other]).await;
    let stranger = login
        .person_token(&begun.code(&back).unwrap())
        .await
        .unwrap();
    let code = begun.code(&scene.agrees(&begun, &[], &[]).await).unwrap();
    let short = login.redeem(&code).await.unwrap();
    let mut told = vec![
        login.take("EAAnonsense".into(), PAGE_ID).await.unwrap_err(),
        login.take(good, OTHER_PAGE_ID).await.unwrap_err(),
        login.take(stranger, PAGE_ID).await.unwrap_err(),
        login.take(short, PAGE_ID).await.unwrap_err(),
    ];
    let changes: [fn(&mut Switches); 3] = [
        |switches| switches.token_dead = true,
        |switches| switches.token_lacks = vec!["pages_read_user_content".to_owned()],
        |switches| switches.token_app = Some("99".to_owned()),
    ];
    for change in changes {
        scene
            .page
            .switch(|switches| *switches = Switches::default());
        scene.page.switch(change);
        told.push(login.take(OWN_TOKEN.into(), PAGE_ID).await.unwrap_err());
    }
    insta::assert_snapshot!(in_vietnamese(&told), @r"
    mã truy cập này không còn hiệu lực: Invalid OAuth access token - Cannot parse access token; hãy đăng nhập bằng `loa login`, hoặc tạo mã mới
    mã truy cập này không phải của Trang 350350350350351: hãy lấy mã của đúng Trang, hoặc sửa pages.id trong cấu hình
    mã truy cập này không tới được Trang 350350350350350: vào Cài đặt doanh nghiệp → Người dùng → Người dùng hệ thống, chọn người dùng, bấm Gán tài sản, chọn Trang và bật quyền Nội dung; sau đó tạo lại mã
    mã truy cập này hết hạn lúc 2026-11-24T07:00:00Z: hãy đăng nhập bằng `loa login`, hoặc dùng mã không hết hạn
    mã truy cập này không còn hiệu lực: Error validating access token: The session has been invalidated because the user changed their password.; hãy đăng nhập bằng `loa login`, hoặc tạo mã mới
    mã truy cập này thiếu quyền: pages_read_user_content; hãy đăng nhập lại và giữ nguyên mọi dấu chọn
    mã truy cập này thuộc ứng dụng 99, không phải ứng dụng ghi ở facebook.app_id: loa sẽ không nhận ra bài do mình đăng. Hãy tạo mã bằng ứng dụng ấy, hoặc sửa facebook.app_id
    ");
}

fn in_vietnamese(errors: &[LoginError]) -> String {
    let said = errors
        .iter()
        .map(|error| Language::Vi.cause(&error.to_string()));
    said.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_list_of_pages_is_read_to_its_end() {
    let scene = Scene::set().await;
    scene.page.switch(|switches| switches.list_most = Some(1));
    let other = format!("page:{OTHER_PAGE_ID}");
    let grant = scene.log_in(&scene.login(), &[], &[&other]).await.unwrap();
    assert_eq!(grant.page, PAGE_ID);
    let calls = scene.page.calls();
    let lists = calls
        .iter()
        .filter(|call| call.path.ends_with("/me/accounts"));
    assert_eq!(lists.count(), 2);
}

#[tokio::test]
async fn an_app_that_demands_the_proof_gets_it_on_every_call_also_by_a_clock_that_is_wrong() {
    let scene = Scene::set().await;
    scene.page.switch(|switches| switches.proof_required = true);
    let business = scene.login_with(LoginSettings {
        business: true,
        ..scene.settings()
    });
    let grant = scene.log_in(&business, &[], &["through-business"]).await;
    let token = grant.unwrap().token;
    let slow = ManualClock::at("2026-11-24T04:00:00Z".parse().unwrap());
    let login = Login::new(scene.browser.clone(), scene.settings(), Arc::new(slow));
    assert!(login.take(token, PAGE_ID).await.is_ok());
}

#[tokio::test]
async fn an_address_of_another_log_in_is_not_taken() {
    let scene = Scene::set().await;
    let login = scene.login();
    let (mine, theirs) = (login.begin().unwrap(), login.begin().unwrap());
    let back = scene.agrees(&theirs, &[], &[]).await;
    assert!(matches!(mine.code(&back), Err(LoginError::NotOurs)));
    for nothing in ["", "xin chào", "http://localhost:8036/", "EAAG"] {
        assert!(
            matches!(mine.code(nothing), Err(LoginError::NoCode)),
            "{nothing}"
        );
    }
}

#[tokio::test]
async fn a_page_of_a_business_is_reached_through_it() {
    let scene = Scene::set().await;
    let login = scene.login_with(LoginSettings {
        business: true,
        ..scene.settings()
    });
    let grant = scene.log_in(&login, &[], &["through-business"]).await;
    assert_eq!(grant.unwrap().page, PAGE_ID);
}

#[tokio::test]
async fn a_configuration_says_what_is_asked_for_in_place_of_scopes() {
    let scene = Scene::set().await;
    let login = scene.login_with(LoginSettings {
        config_id: Some("1234".to_owned()),
        ..scene.settings()
    });
    let begun = login.begin().unwrap();
    let query = begun.address.query().unwrap();
    assert!(
        query.contains("config_id=1234") && !query.contains("scope="),
        "{query}"
    );
    assert!(
        query.contains("response_type=code") && query.contains("state="),
        "{query}"
    );
}

#[tokio::test]
async fn a_token_that_somebody_has_is_taken_if_it_is_good_for_the_page() {
    let scene = Scene::set().await;
    let login = scene.login();
    let begun = login.begin().unwrap();
    let code = begun.code(&scene.agrees(&begun, &[], &[]).await).unwrap();
    let person = login.person_token(&code).await.unwrap();
    let derived = login.take(person.clone(), PAGE_ID).await.unwrap();
    assert_eq!(derived.page, PAGE_ID);
}

#[tokio::test]
async fn a_page_token_of_a_short_lived_login_is_refused_before_it_dies() {
    let scene = Scene::set().await;
    let login = scene.login();
    let begun = login.begin().unwrap();
    let code = begun.code(&scene.agrees(&begun, &[], &[]).await).unwrap();
    let short = login.redeem(&code).await.unwrap();
    let refused = login.take(short, PAGE_ID).await;
    assert!(
        matches!(refused, Err(LoginError::Expires(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn nothing_secret_is_in_any_address_or_message() {
    let scene = Scene::set().await;
    let login = scene.login();
    let grant = scene.log_in(&login, &[], &[]).await.unwrap();
    let said = format!("{grant:?}");
    assert!(!said.contains(TOKENS_START), "{said}");
    for call in scene.page.calls() {
        let told = format!("{call:?}");
        for secret in [TOKENS_START, APP_SECRET, "AQRehearsal"] {
            assert!(!told.contains(secret), "{told}");
        }
    }
}
