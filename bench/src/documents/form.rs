//! As much of HTML as reading the forms of our own pages takes.

/// A form of a page: where it is sent, and what it sends by itself.
pub(super) struct Form {
    /// Where it is sent.
    pub(super) action: String,
    /// The names and values of its fields.
    pub(super) fields: Vec<(String, String)>,
}

impl Form {
    /// The first form of the page whose HTML has that in it.
    pub(super) fn with(page: &str, mark: &str) -> Option<Self> {
        let mut forms = page
            .split("<form ")
            .skip(1)
            .filter_map(|rest| rest.split("</form>").next());
        let form = forms.find(|form| form.contains(mark))?;
        let fields = form.split("<input ").skip(1).filter_map(|rest| {
            Some((
                attribute(rest, "name")?,
                attribute(rest, "value").unwrap_or_default(),
            ))
        });
        Some(Self {
            action: attribute(form, "action")?,
            fields: fields.collect(),
        })
    }

    /// The form with a field set, or added.
    pub(super) fn set(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(other, _)| other != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The address of a form that is sent by GET.
    pub(super) fn address(&self) -> String {
        let pair = |(name, value): &(String, String)| format!("{name}={value}");
        let query = self.fields.iter().map(pair).collect::<Vec<_>>().join("&");
        format!("{}?{query}", self.action)
    }
}

/// The HTML of each task in the page of a list.
pub(super) fn rows(page: &str) -> impl Iterator<Item = &str> {
    page.split_inclusive("</li>").filter_map(|item| {
        let (at, _) = item.match_indices("<li").last()?;
        item.get(at..).filter(|row| row.contains("task-check"))
    })
}

/// The id of the task in such a row: what its first button sends.
pub(super) fn task(row: &str) -> Option<String> {
    attribute(row.split("<button ").nth(1)?, "value")
}

/// An attribute of the tag that the text begins in.
pub(super) fn attribute(text: &str, name: &str) -> Option<String> {
    let tag = text.split('>').next()?;
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    let value = rest.split('"').next()?;
    Some(value.replace("&quot;", "\"").replace("&amp;", "&"))
}
