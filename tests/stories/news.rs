//! The demonstration's own articles, from the feed to the Page.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use loa::rehearsal::news_site::NewsSite;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::house::{House, Wishes, headline};

/// A house whose site is the bundled one.
async fn house() -> (House, NewsSite) {
    let mut house = House::with(Wishes {
        feed: "first_poll = \"publish\"",
        page: "max_age = \"36500d\"",
        ..Wishes::default()
    })
    .await;
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
        .await
        .unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let site = NewsSite::open(
        Arc::new(house.clock.clone()),
        Duration::from_secs(5),
        address,
    );
    let served = site.clone();
    tokio::spawn(async move { served.serve(listener, CancellationToken::new()).await });
    let from = format!("{}/rss", house.site.address);
    house.change_settings(&from, &site.feed());
    (house, site)
}

#[tokio::test]
async fn all_eleven_articles_reach_the_page_once_in_order_each_with_its_own_picture_and_link() {
    let (house, site) = house().await;
    for _ in 0..12 {
        house.once().await;
        house.wait(5);
    }
    assert_eq!(house.shown(), site.titles());
    let posts = house.page.posts();
    let oldest_first: Vec<_> = posts.iter().rev().collect();
    for (place, post) in oldest_first.iter().enumerate() {
        let pictures = match place {
            0 => 3,
            10 => 0,
            _ => 1,
        };
        assert_eq!(post.photos.len(), pictures, "{}", headline(post));
        let link = post
            .message
            .lines()
            .find_map(|line| line.strip_prefix("👉 "))
            .unwrap();
        assert!(link.contains(&slug_of(&headline(post))), "{link}");
        assert!(
            !post.message.contains(['<', '&']) || post.message.contains(" & "),
            "{}",
            post.message
        );
    }
    for post in &oldest_first[1..10] {
        assert_eq!(
            post.photos[0].alt_text.as_deref(),
            Some(headline(post).as_str()),
            "its own picture"
        );
    }
}

fn slug_of(title: &str) -> String {
    let slug = loa::article::text::slug(title);
    slug.chars().take(12).collect()
}

#[tokio::test]
async fn the_seed_article_arrives_as_a_careful_editor_would_have_posted_it() {
    let (house, _) = house().await;
    house.once().await;
    let post = &house.page.posts()[0];
    let alts: Vec<Option<&str>> = post
        .photos
        .iter()
        .map(|photo| photo.alt_text.as_deref())
        .collect();
    assert_eq!(
        alts,
        [
            Some(
                "Huyện Cần Đước duy trì tổ chức kể mẩu chuyện về Bác và trao Thư khen cho tập thể hoặc cá nhân có thành tích tiêu biểu trong học tập và làm theo gương Bác"
            ),
            Some(
                "Hội viên, phụ nữ huyện Cần Đước tích cực học tập và làm theo gương Bác, tham gia trồng cây bảo vệ môi trường"
            ),
            None,
        ]
    );
    let address = post
        .message
        .lines()
        .find_map(|line| line.strip_prefix("👉 http://"))
        .unwrap();
    let host = address.split('/').next().unwrap();
    insta::assert_snapshot!(post.message.replace(host, "SITE"), @"
    Cần Đước chuyển biến tích cực từ việc học tập và làm theo gương Bác

    Việc triển khai, thực hiện Kết luận số 01-KL/TW, ngày 18/5/2021 của Bộ Chính trị về tiếp tục thực hiện Chỉ thị số 05-CT/TW về “Đẩy mạnh học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh” trên địa bàn huyện Cần Đước luôn được sự quan tâm lãnh, chỉ đạo của các cấp ủy Đảng, chính quyền.

    👉 http://SITE/can-duoc-chuyen-bien-tich-cuc-tu-viec-hoc-tap-va-lam-theo-guong-bac-a155283.html
    📍 Cần Đước, 17/05/2023
    #CầnĐước
    ");
}
