//! How fast feeds are read, beside feed-rs alone on the same bytes: `cargo bench`. The memory and
//! time of the worst inputs are measured through the program itself, by `benches/worst.py`.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench measures time and prints it"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use loa::feed::{self, date::Dates};

/// How long each reader reads each feed.
const TIME_MIN: Duration = Duration::from_secs(2);
/// How the sizes of a feed whose reading time should grow in proportion follow each other.
const SIZES: [usize; 3] = [250, 500, 1000];
const LEAD: &str = "Giữa tháng 5, nông dân xã Long Khê (huyện Cần Đước) đồng loạt xuống giống vụ \
    rau mới trên 42,5ha. Theo HTX Rau an toàn Đồng Xanh, sản lượng dự kiến đạt 1.250 tấn/vụ.";

/// A feed as newspapers write it, or with a bare ampersand in each entry.
fn feed_of(entries: usize, damaged: bool) -> String {
    let sign = if damaged { "&" } else { "&amp;" };
    let items: String = (0..entries)
        .map(|number| {
            format!(
                "<item><title>Vụ rau màu {sign} hoa số {number} phủ xanh đồng Long Khê</title>\
                 <link>https://bao.example/vu-rau-mau-a{number}.html</link>\
                 <guid>https://bao.example/vu-rau-mau-a{number}.html</guid>\
                 <pubDate>Wed, 17 May 2023 09:47:00 GMT+7</pubDate><description><![CDATA[\
                 <a href=\"https://bao.example/a{number}.html\"><img width=130 height=100 \
                 src=\"https://bao.example/image/{number}.jpg\"></a></br>{LEAD}]]></description></item>"
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Tin</title>{items}</channel></rss>"
    )
}

/// Entries that a reader found, and the time that one reading took.
fn timed(read: impl Fn() -> usize) -> (usize, Duration) {
    let begun = Instant::now();
    let mut rounds = 0;
    let mut entries = 0;
    while begun.elapsed() < TIME_MIN {
        entries = read();
        rounds += 1;
    }
    (entries, begun.elapsed() / rounds)
}

fn report(name: &str, bytes: usize, (entries, time): (usize, Duration)) {
    let seconds = time.as_secs_f64();
    println!(
        "{name:<28} {:>7.1} MB/s {:>8.0} entries/s {entries:>5} entries {:>8.2} ms",
        bytes as f64 / 1e6 / seconds,
        entries as f64 / seconds,
        seconds * 1000.0,
    );
}

fn ours(text: &str) -> usize {
    let dates = Dates::in_zone(TimeZone::UTC);
    let read = feed::parse(black_box(text.as_bytes()), None, None, &dates);
    read.map_or(0, |feed| feed.entries.len())
}

fn alone(text: &str) -> usize {
    let read = feed_rs::parser::parse(black_box(text.as_bytes()));
    read.map_or(0, |feed| feed.entries.len())
}

fn main() {
    for size in SIZES {
        for (kind, damaged) in [("clean", false), ("damaged", true)] {
            let text = feed_of(size, damaged);
            report(
                &format!("loa, {size} {kind}"),
                text.len(),
                timed(|| ours(&text)),
            );
            report(
                &format!("feed-rs, {size} {kind}"),
                text.len(),
                timed(|| alone(&text)),
            );
        }
    }
}
