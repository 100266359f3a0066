//! Which file of a crate imports which: a reading of the sources that knows modules, `use` and paths, and no types.

use std::collections::{BTreeMap, BTreeSet};

use super::tokens::{closed, tokens, without_tests};

/// A module by the names on the way to it; the crate's root is empty.
type Path = Vec<String>;

/// How often a name may be shown on before it counts as known nowhere.
const DEEPEST: usize = 8;

/// What a module says.
#[derive(Default)]
struct Module {
    file: String,
    defined: BTreeSet<String>,
    uses: Vec<Use>,
    /// Paths that stand in code.
    named: Vec<Path>,
}

struct Use {
    path: Path,
    /// The name under which it is known here; none for everything (`*`).
    name: Option<String>,
    is_shown_on: bool,
}

/// A crate's modules.
#[derive(Default)]
pub(crate) struct Modules {
    by_path: BTreeMap<Path, Module>,
    macros: BTreeMap<String, String>,
}

impl Modules {
    /// Reads the sources of a crate: `src/` is `folder`, and `files` are those of the whole workspace.
    pub(crate) fn read(folder: &str, files: &[(String, String)]) -> Self {
        let mut modules = Self::default();
        let mut for_tests = BTreeSet::new();
        for (file, text) in files {
            let Some(inner) = file
                .strip_prefix(folder)
                .and_then(|rest| rest.strip_suffix(".rs"))
            else {
                continue;
            };
            let path: Path = match inner {
                "lib" | "main" => Path::new(),
                inner => inner.split('/').map(str::to_owned).collect(),
            };
            let (tokens, tests) = without_tests(tokens(text));
            for_tests.extend(tests.into_iter().map(|name| [path.clone(), vec![name]].concat()));
            Reader {
                file,
                modules: &mut modules,
            }
            .read(&path, &tokens);
        }
        modules
            .by_path
            .retain(|path, _| !for_tests.iter().any(|test: &Path| path.starts_with(test)));
        modules
    }

    /// The files that each file imports. A module that only shows on what is below it does not import that.
    pub(crate) fn imports(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (path, module) in &self.by_path {
            let uses = module.uses.iter().map(|it| (&it.path, it.is_shown_on));
            let names = uses.chain(module.named.iter().map(|name| (name, false)));
            let targets = names.filter_map(|(name, is_shown_on)| {
                let (file, target) = self.find(path, name, 0)?;
                let is_own = file == module.file || is_shown_on && target.starts_with(path);
                (!is_own).then(|| file.to_owned())
            });
            all.entry(module.file.clone()).or_default().extend(targets);
        }
        all
    }

    /// The file in which what is meant by a name in a module is defined, and its module.
    fn find(&self, from: &Path, name: &[String], depth: usize) -> Option<(&str, Path)> {
        let (first, rest) = name.split_first().filter(|_| depth < DEEPEST)?;
        let (mut at, mut rest) = match first.as_str() {
            "crate" => (Path::new(), rest),
            "self" => (from.clone(), rest),
            "super" => (from.split_last()?.1.to_vec(), rest),
            first => {
                let known = self.by_path.get(from)?;
                let is_here = self.by_path.contains_key(&child(from, first));
                let is_used = known.uses.iter().any(|it| it.name.as_deref() == Some(first));
                if !is_here && !is_used {
                    return None;
                }
                (from.clone(), name)
            }
        };
        while let Some((next, after)) = rest.split_first() {
            let below = child(&at, next);
            let module = self.by_path.get(&at)?;
            if next == "super" {
                at.pop();
            } else if self.by_path.contains_key(&below) {
                at = below;
            } else if module.defined.contains(next) {
                break;
            } else if let Some(it) = module.uses.iter().find(|it| it.name.as_ref() == Some(next)) {
                if it.path.first() == Some(next) && it.path.len() == 1 {
                    return None;
                }
                return self.find(&at, &[it.path.as_slice(), after].concat(), depth + 1);
            } else {
                let all = module.uses.iter().filter(|it| it.name.is_none());
                let found = all
                    .filter_map(|it| self.find(&at, &it.path, depth + 1))
                    .find(|(_, path)| self.by_path.get(path).is_some_and(|it| it.defined.contains(next)));
                let made = self.macros.get(next).map(|file| (file.as_str(), at.clone()));
                return found
                    .or(made)
                    .or_else(|| Some((module.file.as_str(), at.clone())));
            }
            rest = after;
        }
        let module = self.by_path.get(&at)?;
        Some((module.file.as_str(), at))
    }
}

fn child(of: &[String], name: &str) -> Path {
    [of, &[name.to_owned()]].concat()
}

/// Every set of files that import each other, directly or by way of others.
pub(crate) fn circles(imports: &BTreeMap<String, BTreeSet<String>>) -> Vec<BTreeSet<String>> {
    let reach = |from: &String| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
        while let Some(file) = next.pop() {
            next.extend(
                imports
                    .get(file)
                    .into_iter()
                    .flatten()
                    .filter(|to| seen.insert((*to).clone())),
            );
        }
        seen
    };
    let reached: BTreeMap<&String, BTreeSet<String>> =
        imports.keys().map(|file| (file, reach(file))).collect();
    let circle = |from: &String| {
        let there = reached.get(from)?;
        let back = there
            .iter()
            .filter(|to| reached.get(to).is_some_and(|all| all.contains(from)));
        let circle: BTreeSet<String> = back.cloned().collect();
        (circle.len() > 1).then_some(circle)
    };
    let all: BTreeSet<BTreeSet<String>> = imports.keys().filter_map(circle).collect();
    all.into_iter().collect()
}

struct Reader<'a> {
    file: &'a str,
    modules: &'a mut Modules,
}

impl Reader<'_> {
    fn read(&mut self, path: &Path, tokens: &[String]) {
        let mut module = Module {
            file: self.file.to_owned(),
            ..Module::default()
        };
        let (mut at, mut depth) = (0, 0);
        let is = |at: usize, word: &str| tokens.get(at).is_some_and(|it| it == word);
        while at < tokens.len() {
            let (token, next) = (tokens[at].as_str(), tokens.get(at + 1));
            match token {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth -= 1,
                "mod" if depth == 0 && is(at + 2, "{") => {
                    let length = closed(&tokens[at + 2..], 0);
                    self.read(&child(path, &tokens[at + 1]), &tokens[at + 3..at + 1 + length]);
                    at += 2 + length;
                    continue;
                }
                "use" if !is(at + 1, "<") => {
                    let end = at + tokens[at..].iter().position(|it| it == ";").unwrap_or(1);
                    let is_shown_on = at > 0 && (is(at - 1, "pub") || is(at - 1, ")"));
                    tree(&tokens[at + 1..end], &Path::new(), is_shown_on, &mut module.uses);
                    at = end;
                    continue;
                }
                "macro_rules" => {
                    if let Some(name) = tokens.get(at + 2) {
                        self.modules.macros.insert(name.clone(), self.file.to_owned());
                        module.defined.insert(name.clone());
                    }
                }
                "fn" | "struct" | "enum" | "trait" | "type" | "const" | "static" | "union" if depth == 0 => {
                    module.defined.extend(next.cloned());
                }
                _ if is(at + 1, "::") && !(at > 0 && is(at - 1, "::")) => {
                    let mut name = vec![token.to_owned()];
                    while is(at + 1, "::")
                        && tokens
                            .get(at + 2)
                            .is_some_and(|it| it.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
                    {
                        name.push(tokens[at + 2].clone());
                        at += 2;
                    }
                    module.named.push(name);
                }
                _ => {}
            }
            at += 1;
        }
        self.modules.by_path.insert(path.clone(), module);
    }
}

/// Takes a `use` apart.
fn tree(tokens: &[String], before: &Path, is_shown_on: bool, uses: &mut Vec<Use>) {
    let mut path = before.clone();
    let mut name = None;
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].as_str() {
            "::" => {}
            "{" => {
                let inner = &tokens[at + 1..at + closed(&tokens[at..], 0) - 1];
                let (mut from, mut depth) = (0, 0);
                for (index, token) in inner.iter().enumerate() {
                    depth += i32::from(token == "{") - i32::from(token == "}");
                    if token == "," && depth == 0 {
                        tree(&inner[from..index], &path, is_shown_on, uses);
                        from = index + 1;
                    }
                }
                tree(&inner[from..], &path, is_shown_on, uses);
                return;
            }
            "*" => {
                return uses.push(Use {
                    path,
                    name: None,
                    is_shown_on,
                });
            }
            "as" => {
                name = tokens.get(at + 1).cloned();
                break;
            }
            "self" if !path.is_empty() => {}
            word => path.push(word.to_owned()),
        }
        at += 1;
    }
    if path.len() > before.len() || !tokens.is_empty() {
        let name = name.or_else(|| path.last().cloned());
        uses.push(Use {
            path,
            name,
            is_shown_on,
        });
    }
}
