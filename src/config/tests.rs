//! Settings as operators write them, right and wrong.

use std::collections::BTreeSet;

use secrecy::ExposeSecret;

use super::*;

const SMALLEST: &str = r#"
[[feeds]]
name = "tin"
url = "https://bao.example/rss"

[[pages]]
name = "trang"
id = "123"
feeds = ["tin"]
"#;

fn parsed(text: &str) -> Result<Config, Faults> {
    Config::parse(text, Path::new("config/loa.toml"))
}

fn said(text: &str) -> String {
    parsed(text).unwrap_err().say(Language::En)
}

#[test]
fn what_is_not_written_is_as_the_contract_says() {
    let config = parsed(SMALLEST).unwrap();
    let (feed, page) = (
        config.feeds().next().unwrap(),
        config.pages().next().unwrap(),
    );
    assert_eq!(feed.poll_every, Duration::from_secs(600));
    assert_eq!(feed.first_poll, FirstPoll::Baseline);
    assert!(feed.read_pages);
    assert_eq!(page.spacing, Duration::from_secs(600));
    assert_eq!(page.max_age, Duration::from_secs(3 * 86_400));
    assert_eq!(
        page.quiet_hours.unwrap().from,
        jiff::civil::time(21, 30, 0, 0)
    );
    assert_eq!(
        (page.images_max, page.posts_per_day, page.flood_over),
        (10, 40, 20)
    );
    assert_eq!(
        page.key(&config.facebook.graph_url),
        "graph.facebook.com/123"
    );
    assert_eq!(config.facebook.reconcile_for, Duration::from_secs(600));
    assert_eq!(config.admin.listen.port(), 8035);
    assert_eq!(config.templates_dir(), Path::new("config/templates"));
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_its_place_and_the_way_out() {
    let text = r#"
timezome = "Asia/Ho_Chi_Minh"

[[feeds]]
name = "tin"
url = "https://bao.example/rss"
poll_every = 10

[[pages]]
name = "trang"
feeds = ["tin"]
review = "some"
images_max = 11
token = "EAAGsecret"
colour = "red"
"#;
    let faults = parsed(text).unwrap_err();
    insta::assert_snapshot!(faults.say(Language::En), @r#"
    config/loa.toml:2:1: timezome: there is no such setting. Do you mean timezone?
    config/loa.toml:7:14: feeds[0].poll_every: a value of the wrong type. Write: poll_every = "10m"
    config/loa.toml:9:1: pages[0].id: this has to be set. Write: id = "100064000000000"
    config/loa.toml:12:10: pages[0].review: “some” is none of the choices. Choose from: "none", "all"
    config/loa.toml:13:14: pages[0].images_max: this has to be a whole number from 0 to 10
    config/loa.toml:14:9: pages[0].token: never write a password or a token here. Write { env = "NAME" } or { file = "PATH" }
    config/loa.toml:15:1: pages[0].colour: there is no such setting. Here there are: corrections, default_pictures, feeds, flood_over, hold_for, id, images_max, max_age, name, posts_per_day, quiet_hours, review, spacing, style, template, token
    "#);
    insta::assert_snapshot!(faults.say(Language::Vi), @r#"
    config/loa.toml:2:1: timezome: không có mục cấu hình này. Có phải ý bạn là timezone?
    config/loa.toml:7:14: feeds[0].poll_every: giá trị không đúng kiểu. Hãy viết như: poll_every = "10m"
    config/loa.toml:9:1: pages[0].id: thiếu mục bắt buộc. Hãy viết: id = "100064000000000"
    config/loa.toml:12:10: pages[0].review: không nhận giá trị “some”. Hãy chọn một trong: "none", "all"
    config/loa.toml:13:14: pages[0].images_max: phải là số nguyên từ 0 đến 10
    config/loa.toml:14:9: pages[0].token: không viết mật khẩu hay mã truy cập vào đây. Hãy viết { env = "TÊN_BIẾN" } hoặc { file = "ĐƯỜNG_DẪN" }
    config/loa.toml:15:1: pages[0].colour: không có mục cấu hình này. Ở đây có: corrections, default_pictures, feeds, flood_over, hold_for, id, images_max, max_age, name, posts_per_day, quiet_hours, review, spacing, style, template, token
    "#);
    assert!(!format!("{faults:?}").contains("EAAGsecret"));
}

#[test]
fn what_is_written_right_but_makes_no_sense_is_told_too() {
    let text = r#"
timezone = "Asia/Saigonn"

[[feeds]]
name = "tin"
url = "bao.example/rss"
poll_every = "10s"

[[feeds]]
name = "tin"
url = "https://user:pw@bao.example/rss"
poll_every = "soon"

[[pages]]
name = "trang 1"
id = "cần đước"
feeds = ["tinn"]
quiet_hours = "22-5"
token = { env = "A", file = "b" }

[[pages]]
name = "hai"
id = "7"
feeds = []

[[pages]]
name = "ba"
id = "7"
feeds = []

[facebook]
version = "26"
reconcile_for = "1m"
reconcile_first = "2m"

[network]
allow_private = ["10.0.0.0"]
timeout = "0s"

[admin]
listen = "8035"
"#;
    insta::assert_snapshot!(said(text), @r#"
    config/loa.toml:2:12: timezone: there is no time zone “Asia/Saigonn”. Write: timezone = "Asia/Ho_Chi_Minh"
    config/loa.toml:6:7: feeds[0].url: “bao.example/rss” is no web address. Write it whole, beginning with https:// or http://, without a password
    config/loa.toml:7:14: feeds[0].poll_every: too short: at least 1m
    config/loa.toml:10:8: feeds[1].name: the name “tin” is used at feeds[0].name already. Choose another one
    config/loa.toml:11:7: feeds[1].url: “bao.example/rss” is no web address. Write it whole, beginning with https:// or http://, without a password
    config/loa.toml:12:14: feeds[1].poll_every: “soon” is no length of time. Write: "30s", "10m", "2h", "3d"
    config/loa.toml:15:8: pages[0].name: “trang 1” is no name: use letters without marks, digits, - and _
    config/loa.toml:16:6: pages[0].id: “cần đước” is no id of a Page: those are digits. See Page › About › Page transparency
    config/loa.toml:17:10: pages[0].feeds[0]: there is no feed named “tinn”. There are: tin, tin
    config/loa.toml:18:15: pages[0].quiet_hours: “22-5” are no hours. Write: "21:30-05:30", or "" for none
    config/loa.toml:19:9: pages[0].token: name exactly one of the two: { env = "NAME" } or { file = "PATH" }
    config/loa.toml:28:6: pages[2].id: the Page with the id “7” stands at pages[1].id already. Name each Page once, and all its feeds there
    config/loa.toml:32:11: facebook.version: “26” is no version. Write: version = "v26.0"
    config/loa.toml:33:17: facebook.reconcile_for: too short: at least 5m
    config/loa.toml:34:19: facebook.reconcile_first: too long: less than 1m
    config/loa.toml:37:18: network.allow_private[0]: “10.0.0.0” is no network. Write: "10.0.0.0/8"
    config/loa.toml:38:11: network.timeout: too short: at least 1s
    config/loa.toml:41:10: admin.listen: “8035” is no address with a port. Write: listen = "127.0.0.1:8035"
    "#);
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    insta::assert_snapshot!(said("[[feeds]\nname = \"tin\"\n"), @"config/loa.toml:1:9: this is no TOML: unclosed array table, expected `]`");
}

#[test]
fn a_rehearsal_may_be_impatient_where_the_real_page_may_not() {
    let patience = "[facebook]\nreconcile_for = \"3s\"\nreconcile_first = \"1s\"\n";
    assert!(parsed(patience).is_err());
    let local = format!("{patience}graph_url = \"http://127.0.0.1:8035\"\n");
    assert!(parsed(&local).is_ok());
}

#[test]
fn a_file_that_is_not_there_is_told_with_the_way_out() {
    let error = Config::load(Path::new("nowhere/loa.toml")).unwrap_err();
    let said = error.say(Language::En);
    assert!(
        said.contains("nowhere/loa.toml") && said.contains("loa.example.toml"),
        "{said}"
    );
}

#[test]
fn secrets_are_read_when_needed_without_their_line_break_and_never_shown() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("token"), "EAAG1\n").unwrap();
    let text = format!("{SMALLEST}token = {{ file = \"token\" }}\n");
    let config = Config::parse(&text, &dir.path().join("loa.toml")).unwrap();
    let nothing: Environment = std::sync::Arc::new(|_| None);
    let secret = config
        .pages()
        .next()
        .unwrap()
        .token
        .clone()
        .unwrap()
        .read(&nothing)
        .unwrap();
    assert_eq!(secret.expose_secret(), "EAAG1");
    assert!(!format!("{config:?}{secret:?}").contains("EAAG1"));
    assert!(config.check_secrets(&nothing).is_empty());

    std::fs::write(dir.path().join("token"), "\n").unwrap();
    let faults = config.check_secrets(&nothing);
    assert!(
        faults[0].say(Language::En).contains("pages[0].token"),
        "{faults:?}"
    );
    std::fs::remove_file(dir.path().join("token")).unwrap();
    let said = config.check_secrets(&nothing)[0].say(Language::En);
    assert!(
        said.contains(":10:") && said.contains("cannot be read"),
        "{said}"
    );
}

#[test]
fn an_environment_variable_that_is_not_set_is_named() {
    let config = parsed(&format!("{SMALLEST}token = {{ env = \"LOA_X\" }}\n")).unwrap();
    let nothing: Environment = std::sync::Arc::new(|_| None);
    let said = config.check_secrets(&nothing)[0].say(Language::Vi);
    let place = "config/loa.toml:10:9: pages[0].token: chưa đặt biến môi trường LOA_X. Hãy đặt";
    assert!(said.starts_with(place), "{said}");
}

/// Every key of the schema, as it is written in the file.
fn keys(schema: &Value, found: &mut BTreeSet<String>) {
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, inner) in properties.into_iter().flatten() {
        found.insert(name.clone());
        // A secret is written as a whole: { env = "…" }.
        if name != "token" && name != "app_secret" && name != "password" {
            keys(inner.get("items").unwrap_or(inner), found);
        }
    }
}

#[test]
fn the_example_names_every_key_and_its_defaults_are_the_real_ones() {
    let path = Path::new("config/loa.example.toml");
    let text = std::fs::read_to_string(path).unwrap();
    let config =
        Config::parse(&text, path).unwrap_or_else(|faults| panic!("{}", faults.say(Language::En)));
    let mut known = BTreeSet::new();
    keys(&schema(), &mut known);
    let written = |key: &String| {
        text.lines().any(|line| {
            let line = line.trim_start();
            line.starts_with(&format!("{key} ="))
                || line == format!("[[{key}]]")
                || line == format!("[{key}]")
        })
    };
    let missing: Vec<&String> = known.iter().filter(|key| !written(key)).collect();
    assert_eq!(missing, Vec::<&String>::new());

    let bare = parsed(SMALLEST).unwrap();
    let differ = |one: &Config, other: &Config| {
        let page = |config: &Config| {
            let page = config.pages().next().unwrap().clone();
            format!(
                "{:?}",
                PageConfig {
                    name: String::new(),
                    id: String::new(),
                    feeds: Vec::new(),
                    token: None,
                    ..page
                }
            )
        };
        page(one) != page(other)
    };
    assert!(!differ(&config, &bare));
}

#[test]
fn the_settings_that_ship_are_sound() {
    let path = Path::new("config/loa.toml");
    if let Err(error) = Config::load(path) {
        panic!("{}", error.say(Language::En));
    }
}

/// When this fails: `loa config schema > config/loa.schema.json`.
#[test]
fn the_schema_that_ships_is_the_one_that_is_printed() {
    let shipped = std::fs::read_to_string("config/loa.schema.json").unwrap();
    assert_eq!(serde_json::from_str::<Value>(&shipped).unwrap(), schema());
}

#[test]
fn lengths_of_time_are_written_as_people_write_them() {
    let seconds = |text| duration(text).map(|length| length.as_secs());
    assert_eq!(seconds("90s"), Some(90));
    assert_eq!(seconds("1h30m"), Some(5400));
    assert_eq!(seconds("3d"), Some(3 * 86_400));
    assert_eq!(seconds("0s"), Some(0));
    for wrong in ["", "10", "-5m", "soon", "99999999999d"] {
        assert_eq!(seconds(wrong), None, "{wrong}");
    }
}
