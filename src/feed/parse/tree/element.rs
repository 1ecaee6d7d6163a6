//! An element of a feed, and what it says as HTML.

/// Elements of HTML that have no end.
pub(super) const VOID: [&str; 8] = ["br", "img", "hr", "input", "wbr", "col", "area", "embed"];
/// An element, its name in small letters and with the prefix that its name space has here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::feed::parse) struct Element {
    pub(in crate::feed::parse) name: String,
    pub(in crate::feed::parse) attributes: Vec<(String, String)>,
    pub(in crate::feed::parse) nodes: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::feed::parse) enum Node {
    Element(Element),
    Text(String),
    /// From a literal section: what looks like markup here is HTML.
    Literal(String),
}

impl Element {
    /// The elements right in this one.
    pub(in crate::feed::parse) fn children(&self) -> impl Iterator<Item = &Element> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) | Node::Literal(_) => None,
        })
    }

    /// The elements right in this one that have a name.
    pub(in crate::feed::parse) fn named<'a>(
        &'a self,
        name: &'a str,
    ) -> impl Iterator<Item = &'a Element> {
        self.children().filter(move |child| child.name == name)
    }

    /// An attribute, if it is given and not blank.
    pub(in crate::feed::parse) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// What stands inside as HTML: elements that nobody escaped are HTML too.
    pub(in crate::feed::parse) fn html(&self) -> String {
        let mixed = self.children().next().is_some();
        let mut html = String::new();
        for node in &self.nodes {
            match node {
                Node::Element(element) => element.write(&mut html),
                Node::Text(text) if mixed => html.push_str(&escaped(text)),
                Node::Text(text) | Node::Literal(text) => html.push_str(text),
            }
        }
        html
    }

    fn write(&self, html: &mut String) {
        let name = self.name.strip_prefix("xhtml:").unwrap_or(&self.name);
        html.push('<');
        html.push_str(name);
        for (name, value) in &self.attributes {
            html.push_str(&format!(" {name}=\"{}\"", escaped(value)));
        }
        html.push('>');
        if VOID.contains(&name) {
            return;
        }
        for node in &self.nodes {
            match node {
                Node::Element(element) => element.write(html),
                Node::Text(text) => html.push_str(&escaped(text)),
                Node::Literal(text) => html.push_str(text),
            }
        }
        html.push_str(&format!("</{name}>"));
    }
}

/// A text as it is written in XML.
pub(in crate::feed::parse) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
