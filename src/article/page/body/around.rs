//! What the elements around a text say of it: how it is set, and whether it belongs to a picture.

use dom_query::NodeRef;

use super::super::line;
use super::CAPTION_CHARS_MAX;

/// Elements in which what stands beside a picture is its caption.
const PICTURE_BLOCKS: [&str; 4] = ["p", "li", "tr", "center"];
/// Parts of class names with which a caption stands beside its picture.
const CAPTIONS: [&str; 3] = ["caption", "chu-thich", "chuthich"];
/// Parts of class names of elements that hold a picture and its caption.
const BOXES: [&str; 6] = ["photo", "picture", "image", "figure", "caption", "img"];

/// How class names begin that say how text is aligned.
const ALIGNED: [&str; 4] = ["text-", "align-", "rte", "text-align-"];
/// Rules of style for bold text.
const WEIGHTS: [&str; 5] = [
    "font-weight:bold",
    "font-weight:600",
    "font-weight:700",
    "font-weight:800",
    "font-weight:900",
];
/// An element that holds more is no picture with its caption. Boxes stand within each other, and
/// each is looked through.
const NODES_MAX: usize = 1_000;

/// What holds for the text below an element.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Around {
    pub(super) bold: bool,
    pub(super) slanted: bool,
    pub(super) linked: bool,
    pub(super) heading: bool,
    pub(super) centred: bool,
    pub(super) right: bool,
    /// An entry of a list: a name here is one of several, and no signature.
    pub(super) listed: bool,
    /// What stands here is a picture with its caption, and nothing else.
    pub(super) boxed: bool,
    /// All text here belongs to pictures.
    pub(super) caption: bool,
    /// What stands in this very element beside a picture is its caption.
    pub(super) beside: bool,
}

impl Around {
    /// What holds below `node`, which stands where this holds. `is_caption`: it is one by the
    /// site's rules.
    pub(super) fn below(self, node: &NodeRef<'_>, name: &str, is_caption: bool) -> Self {
        let class = node.class().unwrap_or_default().to_lowercase();
        let style = node.attr("style").unwrap_or_default().to_lowercase();
        let style: String = style.split_whitespace().collect();
        let align = node.attr("align").unwrap_or_default().to_lowercase();
        let aligned = |side: &str| {
            style.contains(&format!("text-align:{side}"))
                || align == *side
                || ALIGNED
                    .iter()
                    .any(|kind| class.contains(&format!("{kind}{side}")))
        };
        let is_heading = matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        let is_caption = is_caption
            || matches!(name, "figcaption" | "caption")
            || CAPTIONS.iter().any(|part| class.contains(part));
        let boxed = !self.caption && is_box(node, name, &class);
        Self {
            bold: self.bold
                || matches!(name, "b" | "strong")
                || WEIGHTS.iter().any(|weight| style.contains(weight)),
            slanted: self.slanted
                || matches!(name, "i" | "em")
                || style.contains("font-style:italic"),
            linked: self.linked || name == "a",
            heading: self.heading || is_heading,
            centred: self.centred || name == "center" || aligned("center"),
            right: self.right || aligned("right"),
            listed: self.listed || name == "li",
            boxed,
            caption: self.caption || boxed || is_caption,
            beside: PICTURE_BLOCKS.contains(&name),
        }
    }
}

/// Whether an element holds pictures, and beside them no more text than captions have.
fn is_box(node: &NodeRef<'_>, name: &str, class: &str) -> bool {
    let named = match name {
        "figure" => return true,
        "table" => true,
        "div" => BOXES.iter().any(|part| class.contains(part)),
        _ => false,
    };
    if !named {
        return false;
    }
    let (mut pictures, mut chars) = (0, 0);
    for (at, inner) in node.descendants_it().enumerate() {
        if at > NODES_MAX {
            return false;
        }
        if inner.is_text() {
            chars += line(&inner.text()).chars().count();
        }
        pictures += usize::from(inner.has_name("img"));
        if chars > CAPTION_CHARS_MAX * (pictures + 1) {
            return false;
        }
    }
    pictures > 0 && chars <= CAPTION_CHARS_MAX * pictures
}
