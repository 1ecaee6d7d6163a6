//! The pictures of articles that have none of their own: an office's, one for a category.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::article::Article;
use crate::article::text::matching_form;

/// The category that stands for all that are not named.
const ANY: &str = "*";

/// A file for each category, named as people write it: capitals and the place of tones do not
/// matter.
#[derive(Debug, Clone, Default)]
pub struct DefaultPictures(BTreeMap<String, PathBuf>);

impl DefaultPictures {
    /// From the names of categories to files.
    pub fn new(files: &BTreeMap<String, PathBuf>) -> Self {
        let files = files
            .iter()
            .map(|(category, file)| (matching_form(category), file.clone()));
        Self(files.collect())
    }

    /// The file for an article: of the first of its categories that has one.
    pub fn of(&self, article: &Article) -> Option<&Path> {
        let categories = article.section.iter().chain(&article.categories);
        let named = categories
            .filter_map(|category| self.0.get(&matching_form(category)))
            .next();
        named.or_else(|| self.0.get(ANY)).map(PathBuf::as_path)
    }

    /// Every file that is named.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.0.values().map(PathBuf::as_path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file_for(names: &[&str], categories: &[&str]) -> Option<String> {
        let files = names.iter().map(|name| {
            let file = PathBuf::from(format!("{name}.jpg"));
            ((*name).to_owned(), file)
        });
        let article = Article {
            categories: categories.iter().map(ToString::to_string).collect(),
            ..Article::default()
        };
        let pictures = DefaultPictures::new(&files.collect());
        let file = pictures.of(&article)?;
        Some(file.display().to_string())
    }

    #[test]
    fn the_first_category_that_is_named_decides_and_any_other_has_the_star() {
        let names = ["Thông báo", "Văn hóa", "*"];
        let found = |categories: &[&str]| file_for(&names, categories);
        assert_eq!(found(&["THÔNG BÁO"]).as_deref(), Some("Thông báo.jpg"));
        assert_eq!(found(&["Văn hoá"]).as_deref(), Some("Văn hóa.jpg"));
        assert_eq!(found(&["Khác", "Văn hóa"]).as_deref(), Some("Văn hóa.jpg"));
        assert_eq!(found(&[]).as_deref(), Some("*.jpg"));
        assert_eq!(file_for(&["Thông báo"], &["Khác"]), None);
    }
}
