//! The walls of the house: who may use whom, no import cycles, a word at the top of every file, bounds on length.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// The most lines of production code in a file, and of a function.
const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 80;

/// What each room may use besides itself, and which outside crates it may never touch.
const ROOMS: &[(&str, &[&str], &[&str])] = &[
    ("gameday", &[], PURE),
    ("exercise", &["gameday"], PURE),
    ("lang", &["exercise"], PURE),
    ("report", &["exercise", "gameday", "lang"], PURE),
    ("port", &["exercise", "gameday", "report"], SEAM),
    ("lab", &["exercise", "gameday", "report", "port"], ADAPTER),
    ("load", &["exercise", "gameday", "report", "port"], ADAPTER),
    ("metrics", &["exercise", "gameday", "report", "port"], ADAPTER),
    ("recording", &["exercise", "gameday", "report", "port"], ADAPTER),
    ("kubernetes", &["exercise", "gameday", "report", "port"], ADAPTER),
    ("engine", &["exercise", "gameday", "report", "port"], ENGINE),
    ("tui", &["exercise", "gameday", "lang", "report", "port"], SCREEN),
    ("config", &["gameday", "metrics"], SCREEN),
    (
        "cli",
        &[
            "exercise",
            "gameday",
            "lang",
            "report",
            "port",
            "lab",
            "load",
            "metrics",
            "kubernetes",
            "recording",
            "engine",
            "tui",
            "config",
        ],
        &[],
    ),
];
const PURE: &[&str] = &[
    "tokio",
    "ratatui",
    "crossterm",
    "reqwest",
    "hyper",
    "hyper_util",
    "rusqlite",
    "rustix",
    "futures",
    "tracing",
];
const SEAM: &[&str] = &["ratatui", "crossterm", "reqwest", "hyper", "rusqlite", "rustix"];
const ADAPTER: &[&str] = &["ratatui", "crossterm"];
const ENGINE: &[&str] = &["ratatui", "crossterm", "reqwest", "hyper", "rusqlite"];
const SCREEN: &[&str] = &["reqwest", "hyper", "rusqlite"];

/// Parts of the standard library that the pure rooms never touch.
const EFFECTS: &[&str] = &["std::fs", "std::net", "std::process", "std::thread", "std::env"];

/// The shell of the screen; everything else in `tui` is pure.
const TUI_SHELL: &[&str] = &["tui::shell", "tui::terminal", "tui::input"];

struct File {
    path: PathBuf,
    text: String,
    syntax: syn::File,
}

/// Every source file by its module path (`exercise::fold`).
fn house() -> BTreeMap<String, File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(&root).unwrap().with_extension("");
                let module = inside.to_str().unwrap().replace('/', "::");
                let text = fs::read_to_string(&path).unwrap();
                let syntax = syn::parse_file(&text).unwrap();
                files.insert(module, File { path, text, syntax });
            }
        }
    }
    assert!(files.len() > 20, "the house is empty: {}", files.len());
    files
}

/// Every path written in a file, outside of tests, as segments.
#[derive(Default)]
struct Paths(Vec<Vec<String>>);

impl Paths {
    fn tree(&mut self, tree: &syn::UseTree, prefix: &[String]) {
        match tree {
            syn::UseTree::Path(path) => {
                let longer = [prefix, &[path.ident.to_string()]].concat();
                self.tree(&path.tree, &longer);
            }
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.tree(item, prefix));
            }
            syn::UseTree::Name(name) => self.0.push([prefix, &[name.ident.to_string()]].concat()),
            syn::UseTree::Rename(name) => self.0.push([prefix, &[name.ident.to_string()]].concat()),
            syn::UseTree::Glob(_) => self.0.push(prefix.to_vec()),
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("cfg") && quote(attribute).contains("test"))
}

fn quote(attribute: &syn::Attribute) -> String {
    match &attribute.meta {
        syn::Meta::List(list) => list.tokens.to_string(),
        _ => String::new(),
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &[]);
    }
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }
    // Who may see something is no use of it.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> =
            path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments.len() > 1 {
            self.0.push(segments);
        }
        visit::visit_path(self, path);
    }
}

/// Which modules of the house a file uses, and which outside paths.
fn uses(
    module: &str,
    file: &File,
    house: &BTreeMap<String, File>,
) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut paths = Paths::default();
    paths.visit_file(&file.syntax);
    let (mut inside, mut outside) = (BTreeSet::new(), BTreeSet::new());
    let here: Vec<&str> = module.split("::").collect();
    for path in paths.0 {
        let mut at: Vec<String> = match path[0].as_str() {
            "crate" => Vec::new(),
            "self" => here.iter().map(|part| (*part).to_owned()).collect(),
            "super" => here.iter().map(|part| (*part).to_owned()).collect(),
            first => {
                // A child module named without `self`.
                let child = format!("{module}::{first}");
                if house.contains_key(&child) {
                    here.iter().map(|part| (*part).to_owned()).chain([first.to_owned()]).collect()
                } else {
                    outside.insert(path.join("::"));
                    continue;
                }
            }
        };
        for part in &path {
            match part.as_str() {
                "super" => drop(at.pop()),
                "crate" | "self" => {}
                part if at.last().is_some_and(|last| last == part) && path[0] == *part => {}
                part => at.push(part.to_owned()),
            }
        }
        // The longest prefix that is a file of the house.
        while !at.is_empty() && !house.contains_key(&at.join("::")) {
            at.pop();
        }
        let target = at.join("::");
        if !target.is_empty() && target != module {
            inside.insert(target);
        }
    }
    (inside, outside)
}

fn room(module: &str) -> &str {
    module.split("::").next().unwrap_or(module)
}

#[test]
fn every_room_uses_only_what_it_may() {
    let house = house();
    let mut wrong = Vec::new();
    for (module, file) in &house {
        if module == "main" || module == "lib" {
            continue;
        }
        let Some((_, may, never)) = ROOMS.iter().find(|(name, ..)| *name == room(module)) else {
            wrong.push(format!("{module}: no such room"));
            continue;
        };
        let (inside, outside) = uses(module, file, &house);
        for target in inside {
            if room(&target) != room(module) && !may.contains(&room(&target)) {
                wrong.push(format!("{module} uses {target}"));
            }
        }
        let pure = never == &PURE || (room(module) == "tui" && !shell(module));
        for path in outside {
            let first = path.split("::").next().unwrap();
            if never.contains(&first) || (pure && EFFECTS.iter().any(|one| path.starts_with(one))) {
                wrong.push(format!("{module} uses {path}"));
            }
            if room(module) == "tui" && !shell(module) && first == "tokio" {
                wrong.push(format!("{module} uses {path}: only the shell of the screen may"));
            }
        }
    }
    assert!(wrong.is_empty(), "against the table of rooms:\n{}", wrong.join("\n"));
}

fn shell(module: &str) -> bool {
    TUI_SHELL.iter().any(|shell| module == *shell || module.starts_with(&format!("{shell}::")))
}

#[test]
fn there_is_no_import_cycle() {
    let house = house();
    let graph: BTreeMap<&str, BTreeSet<String>> = house
        .iter()
        .filter(|(module, _)| *module != "lib" && *module != "main")
        .map(|(module, file)| (module.as_str(), uses(module, file, &house).0))
        .collect();
    let mut done = BTreeSet::new();
    for module in graph.keys() {
        let mut trail = Vec::new();
        walk(module, &graph, &mut trail, &mut done);
    }
}

fn walk<'a>(
    module: &'a str,
    graph: &BTreeMap<&'a str, BTreeSet<String>>,
    trail: &mut Vec<&'a str>,
    done: &mut BTreeSet<&'a str>,
) {
    if done.contains(module) {
        return;
    }
    if let Some(at) = trail.iter().position(|one| *one == module) {
        panic!("an import cycle: {} -> {module}", trail[at..].join(" -> "));
    }
    trail.push(module);
    if let Some(targets) = graph.get(module) {
        for target in targets {
            if let Some((target, _)) = graph.get_key_value(target.as_str()) {
                walk(target, graph, trail, done);
            }
        }
    }
    trail.pop();
    done.insert(module);
}

#[test]
fn every_file_says_what_it_is() {
    for (module, file) in house() {
        assert!(file.text.starts_with("//! "), "{module} does not open with //!");
    }
}

/// Lines of a span in a file's text.
fn lines(span: proc_macro2::Span) -> usize {
    span.end().line - span.start().line + 1
}

#[test]
fn no_file_is_too_long() {
    let mut wrong = Vec::new();
    for (module, file) in house() {
        let tests: usize = file
            .syntax
            .items
            .iter()
            .filter_map(|item| match item {
                syn::Item::Mod(item) if is_test(&item.attrs) => {
                    Some(lines(syn::spanned::Spanned::span(item)))
                }
                _ => None,
            })
            .sum();
        let production = file.text.lines().count() - tests;
        if production > FILE_LINES {
            wrong.push(format!("{module}: {production} lines"));
        }
    }
    assert!(
        wrong.is_empty(),
        "more than {FILE_LINES} lines of production code:\n{}",
        wrong.join("\n")
    );
}

#[derive(Default)]
struct Functions(Vec<(String, usize)>);

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.0.push((item.sig.ident.to_string(), lines(syn::spanned::Spanned::span(item))));
        visit::visit_item_fn(self, item);
    }
    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.0.push((item.sig.ident.to_string(), lines(syn::spanned::Spanned::span(item))));
        visit::visit_impl_item_fn(self, item);
    }
}

#[test]
fn no_function_is_too_long() {
    let mut wrong = Vec::new();
    for (module, file) in house() {
        let mut functions = Functions::default();
        functions.visit_file(&file.syntax);
        for (name, length) in functions.0 {
            if length > FUNCTION_LINES {
                wrong.push(format!("{module}::{name}: {length} lines"));
            }
        }
    }
    assert!(wrong.is_empty(), "more than {FUNCTION_LINES} lines:\n{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_open() {
    let words = ["TO".to_owned() + "DO", "FIX".to_owned() + "ME", "unimpl".to_owned() + "emented!"];
    for (module, file) in house() {
        for word in &words {
            let found = file.text.lines().position(|line| line.contains(word.as_str()));
            assert!(
                found.is_none(),
                "{}:{} {word} in {module}",
                file.path.display(),
                found.unwrap_or(0) + 1
            );
        }
    }
}
