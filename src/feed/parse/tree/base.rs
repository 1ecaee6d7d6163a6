//! What relative addresses in a feed start from (`xml:base`).

use url::Url;

use super::Element;

/// From what the addresses in a feed start, where it says so: the bases around entries, the outer
/// one first.
#[derive(Debug, Clone, Default)]
pub(in crate::feed::parse) struct Base(pub(super) Vec<String>);

impl Base {
    /// The base within more elements, in a feed that came from `address`.
    pub(in crate::feed::parse) fn within(
        &self,
        elements: &[&Element],
        address: Option<&Url>,
    ) -> Option<Url> {
        let inner = elements
            .iter()
            .filter_map(|element| element.attribute("xml:base"));
        let all = self.0.iter().map(String::as_str).chain(inner);
        all.fold(address.cloned(), |base, next| match base {
            Some(base) => base.join(next).ok().or(Some(base)),
            None => Url::parse(next).ok(),
        })
    }
}
