//! Pages as sites serve them, against what a careful reader gets out of them.

use serde_json::Value;

use super::*;

fn expected() -> Value {
    let text = std::fs::read_to_string("tests/fixtures/expected.json").unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["fixtures"].take()
}

fn reader() -> PageReader {
    PageReader::new(TimeZone::get("Asia/Ho_Chi_Minh").unwrap())
}

fn page(name: &str) -> Result<PageArticle, PageError> {
    let bytes = std::fs::read(format!("tests/fixtures/{name}")).unwrap();
    let url = expected()[name]["url"]
        .as_str()
        .unwrap_or("https://baolongan.example/tin.html")
        .to_owned();
    reader().read(&bytes, Some("text/html"), Url::parse(&url).ok().as_ref())
}

#[test]
fn what_is_no_article_is_told_for_what_it_is() {
    assert_eq!(
        page("pages/challenge-d1n-cookie.html"),
        Err(PageError::Challenge)
    );
    assert_eq!(
        page("pages/error-page-http-200.html"),
        Err(PageError::Missing)
    );
    assert_eq!(
        page("pages/page-moved-notice.html"),
        Err(PageError::NotAnArticle)
    );
    let moved = page("pages/page-meta-refresh.html").unwrap_err();
    let PageError::MovedTo(target) = moved else {
        panic!("{moved}");
    };
    assert_eq!(
        target.path(),
        expected()["pages/page-meta-refresh.html"]["to"]
    );
}

#[test]
fn a_themes_slip_does_not_reach_the_headline() {
    let wanted = &expected()["pages/page-null-title-liferay.html"];
    let page = page("pages/page-null-title-liferay.html").unwrap();
    assert_eq!(page.title, wanted["title"]);
    assert!(page.text.unwrap().starts_with("Kết quả đo lúc 6 giờ"));
}

#[test]
fn pictures_are_found_behind_a_base_and_with_the_caption_that_stands_below_them() {
    let html = br#"<base href="https://cdn.example/tin/"><article><h1>Tin</h1>
        <p>Mot doan van du dai de biet rang bai bao nam o day, khong phai o noi nao khac.</p>
        <img data-src="a/1.jpg" src="data:,"><p class="PCaption">Chu thich</p></article>"#;
    let url = Url::parse("https://bao.example/1").ok();
    let page = reader().read(html, None, url.as_ref()).unwrap();
    assert_eq!(page.images.len(), 1);
    assert_eq!(
        page.images[0].url.as_str(),
        "https://cdn.example/tin/a/1.jpg"
    );
    assert_eq!(page.images[0].caption.as_deref(), Some("Chu thich"));
}

fn of_html(html: &str) -> Result<PageArticle, PageError> {
    let url = Url::parse("https://bao.example/tin/1.html").ok();
    reader().read(html.as_bytes(), None, url.as_ref())
}

#[test]
fn notices_under_a_headline_are_no_articles_and_short_news_is_one() {
    let page = |text: &str| of_html(&format!("<h1>Thông báo</h1><p>{text}</p>"));
    assert_eq!(
        page("Bài viết bạn tìm không tồn tại hoặc đã bị xóa."),
        Err(PageError::Missing)
    );
    assert_eq!(
        page("Hệ thống đang bảo trì, mời quay lại sau."),
        Err(PageError::NotAnArticle)
    );
    assert!(page("Tối nay xã cúp nước từ 20h để sửa ống.").is_ok());
    assert_eq!(
        of_html(
            "<title>Just a moment...</title><h1>bao.example</h1><p>Checking</p><script></script>"
        ),
        Err(PageError::Challenge)
    );
}

#[test]
fn a_page_that_refreshes_itself_is_read_and_one_that_sends_on_is_left() {
    let page = |content: &str| {
        of_html(&format!(
            "<meta http-equiv='refresh' content='{content}'><h1>Tin xã</h1><p>Một đoạn thân bài của tin xã.</p>"
        ))
    };
    assert!(page("900;url=https://bao.example/khac").is_ok());
    assert!(page("0;url=https://bao.example/tin/1.html").is_ok());
    assert!(page("600").is_ok());
    assert!(matches!(page("2; URL=/moi"), Err(PageError::MovedTo(_))));
}

#[test]
fn a_newsroom_is_no_author() {
    let page = |author: &str| {
        let html = format!(
            "<meta property='og:site_name' content='Báo Quê Online'><script type='application/ld+json'>\
             {{\"@type\":\"NewsArticle\",\"headline\":\"Tin\",\"author\":{author}}}</script><h1>Tin</h1><p>Thân bài.</p>"
        );
        of_html(&html).unwrap().byline
    };
    assert_eq!(page(r#"{"@type":"Organization","name":"Đài xã"}"#), None);
    assert_eq!(page(r#""Báo Quê""#), None);
    assert_eq!(
        page(r#"[{"@type":"Person","name":"Mai An"},{"@type":"Organization","name":"Đài xã"}]"#)
            .as_deref(),
        Some("Mai An")
    );
}

#[test]
fn text_behind_a_picture_in_one_paragraph_and_beside_blocks_is_not_lost() {
    let long = "Đoạn văn đứng sau ảnh trong cùng một đoạn, ".repeat(9);
    let html = format!(
        "<article><h1>Tin</h1><p>Trước ảnh.<img src='/a.jpg'>{long}</p><div>Ngoài khối.<p>Trong khối.</p>Sau khối.</div></article>"
    );
    let page = of_html(&html).unwrap();
    let text = page.text.unwrap();
    assert_eq!(
        text,
        format!(
            "Trước ảnh.\n\n{}\n\nNgoài khối.\n\nTrong khối.\n\nSau khối.",
            long.trim()
        )
    );
    assert_eq!(page.images[0].caption, None);
}

const BODY: &str = "Một đoạn thân bài đủ dài để ai cũng thấy rằng đây là một bài báo thật, viết về một \
    xã có thật bên dòng sông, nơi bà con vừa gặt xong vụ lúa và đang chuẩn bị cho mùa sau, với đủ \
    chuyện vui buồn của một năm làm ăn mà người viết đã ghi lại.";

#[test]
fn a_page_in_one_form_without_a_first_heading_is_an_article() {
    let html = format!(
        "<title>Xã Long Hòa họp dân - UBND xã</title><form id='aspnetForm'><div class='menu'><a href='/'>Trang chủ</a></div>\
         <span class='tieu-de'>Xã Long Hòa họp dân</span><div><p>{BODY}</p></div></form>"
    );
    let page = of_html(&html).unwrap();
    assert_eq!(page.title, "Xã Long Hòa họp dân");
    assert_eq!(page.text.unwrap(), BODY);
}

#[test]
fn a_logo_is_no_headline_and_a_headline_with_a_dash_stays_whole() {
    let html = format!(
        "<meta property='og:title' content='Long An - Tây Ninh: một tỉnh mới'><h1 class='logo'><a href='/'>Báo Quê</a></h1>\
         <h1><a href='/tin/1.html'>Long An - Tây Ninh: một tỉnh mới</a></h1><p>{BODY}</p>"
    );
    assert_eq!(
        of_html(&html).unwrap().title,
        "Long An - Tây Ninh: một tỉnh mới"
    );
    let html = format!(
        "<meta property='og:title' content='Long An - Tây Ninh: một tỉnh mới'><p>{BODY}</p>"
    );
    assert_eq!(
        of_html(&html).unwrap().title,
        "Long An - Tây Ninh: một tỉnh mới"
    );
}

#[test]
fn the_lead_of_another_article_and_the_sites_slogan_are_not_this_ones() {
    let slogan = "Trang thông tin điện tử tổng hợp, cập nhật nhanh nhất trong ngày";
    let html = format!(
        "<meta name='description' content='{slogan}'><div class='box'><a href='/khac'>Tin khác</a><p class='sapo'>Sapo của tin khác.</p></div>\
         <h1>Xã họp dân</h1><p>{BODY}</p><p>{BODY}</p>"
    );
    assert_eq!(of_html(&html).unwrap().lead, None);
    let html = format!(
        "<h1>Xã họp dân</h1><div class='meta'>24/11/2025 09:47</div><p class='sapo'>Sapo của tin này.</p><p>{BODY}</p>"
    );
    assert_eq!(
        of_html(&html).unwrap().lead.as_deref(),
        Some("Sapo của tin này.")
    );
}

#[test]
fn a_lead_in_bold_needs_no_full_stop_and_a_list_of_names_is_no_signature() {
    let lead = "Sáng nay, xã Long Hòa trao quà cho các gia đình chính sách nhân ngày lễ";
    let html = format!(
        "<h1>Trao quà</h1><div><p><b>{lead}</b></p><p>{BODY}</p><ul><li>Xã Tân Lân</li><li>Mai An</li></ul>\
         <p>Trần Văn Tám</p><p>{BODY}</p><p><b>Huỳnh Hương</b></p></div>"
    );
    let page = of_html(&html).unwrap();
    assert_eq!(page.lead.as_deref(), Some(lead));
    assert_eq!(page.byline.as_deref(), Some("Huỳnh Hương"));
    let text = page.text.unwrap();
    let wanted = [BODY, "Xã Tân Lân", "Mai An", "Trần Văn Tám", BODY];
    assert_eq!(text.split("\n\n").collect::<Vec<_>>(), wanted);
}

#[test]
fn an_emoji_does_not_end_its_sentence_and_a_narrow_thumbnail_of_a_whole_picture_stays() {
    let html = "<article><h1>Tin xã nhà</h1>
        <p>Sáng nay, đoàn viên xã ra quân <img src='/emoji/1f331.png'> trồng hơn hai trăm cây dọc tuyến đường liên ấp.</p>
        <p><a href='/u/cay.jpg'><img width='150' src='/u/cay-150x150.jpg'></a> <img width='150' src='/u/nut.jpg'></p>
        <p>Bà con hai bên đường góp công chăm sóc cây cho đến khi cây bén rễ.</p></article>";
    let page = of_html(html).unwrap();
    let text = page.text.unwrap_or_default();
    assert!(text.contains("ra quân trồng hơn"), "{text}");
    let addresses: Vec<&str> = page.images.iter().map(|image| image.url.path()).collect();
    assert_eq!(addresses, ["/u/cay.jpg"]);
}

#[test]
fn what_the_site_is_known_by_is_not_shared_for_an_article_without_pictures() {
    let of = |menu: &str| {
        let html = format!(
            "<meta property='og:image' content='https://bao.example/img/cong-chao.jpg'>
            <div class='top'>{menu}</div><article><h1>Tin xã nhà</h1>
            <p>Sáng nay, đoàn viên xã ra quân trồng hơn hai trăm cây dọc tuyến đường liên ấp.</p></article>"
        );
        of_html(&html).unwrap().images.len()
    };
    let picture = "<img src='https://bao.example/img/cong-chao-300x200.jpg'>";
    assert_eq!(of(&format!("<a href='/'>{picture}</a>")), 0);
    assert_eq!(of(&format!("<a href='/tin/cong-chao'>{picture}</a>")), 1);
}

#[test]
fn a_caption_belongs_to_the_pictures_it_stands_with() {
    let html = format!(
        "<h1>Ảnh</h1><div><p><img src='/mot.jpg'></p><p>{BODY}</p><p><img src='/hai.jpg'></p><p class='caption'>Hai</p></div>"
    );
    let page = of_html(&html).unwrap();
    let captions: Vec<_> = page
        .images
        .iter()
        .map(|image| image.caption.as_deref())
        .collect();
    assert_eq!(captions, [None, Some("Hai")]);
}

#[test]
fn a_page_in_the_letters_of_old_fonts_is_refused_with_words() {
    let vni =
        "Saùng nay, Uûy ban nhaân daân huyeän Caàn Ñöôùc toå chöùc hoäi nghò toång keát naêm. ";
    let tcvn3 = "S¸ng nay, ñy ban nh©n d©n huyÖn CÇn §\u{ad}íc tæ chøc héi nghÞ tæng kÕt n¨m. ";
    let mojibake = "SÃ¡ng nay, á»§y ban nhÃ¢n dÃ¢n huyá»‡n tá»• chá»©c há»™i nghá»‹ tá»•ng káº¿t. ";
    for (text, wrong) in [
        (vni, Garbled::Vni),
        (tcvn3, Garbled::Tcvn3),
        (mojibake, Garbled::Mojibake),
    ] {
        let html = format!(
            "<meta charset='utf-8'><h1>Hop</h1><p>{}</p>",
            text.repeat(4)
        );
        assert_eq!(of_html(&html), Err(PageError::Garbled(wrong)));
    }
}

#[test]
fn the_site_its_language_and_its_section_are_those_that_it_tells_machines() {
    let html = format!(
        "<html lang='vi-VN'><meta property='og:site_name' content='Báo Quê'><meta property='article:section' content='Xã hội'>\
         <h1>Xã họp dân</h1><p>{BODY}</p>"
    );
    let page = of_html(&html).unwrap();
    assert_eq!(page.site_name.as_deref(), Some("Báo Quê"));
    assert_eq!(page.language.as_deref(), Some("vi"));
    assert_eq!(page.section.as_deref(), Some("Xã hội"));
}
