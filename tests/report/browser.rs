//! The page in a browser that shows nothing: the same with scripts and without, nothing fetched, nothing run, page one on one
//! page. Skipped, loudly, where there is no Chromium.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::PoisonError;

use gameday::lang::Language;
use gameday::report::model::Report;
use gameday::report::{html, parts};

use super::page::full;
use crate::play::program::MACHINE;

/// The browser, by `CHROMIUM` or in `PATH`.
fn browser() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let mut found = std::env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .filter(|path| path.is_file());
    let browser = named.or_else(|| found.next());
    if browser.is_none() {
        // Not by the macro: what that prints is shown only of tests that fail.
        let why = "LOUD: SKIPPED: no Chromium: install one, or set CHROMIUM; .ci/run does";
        let mut stderr = std::io::stderr();
        writeln!(stderr, "{why}").unwrap();
    }
    browser
}

/// Opens a page; gives what the browser printed and what it complained about.
fn open(browser: &Path, page: &Path, flags: &[&str]) -> (Vec<u8>, String) {
    let _alone = MACHINE.lock().unwrap_or_else(PoisonError::into_inner);
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--enable-logging=stderr", "--v=0", "--window-size=1200,1600"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(flags)
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
}

/// What the console of the page said.
fn console(said: &str) -> Vec<&str> {
    said.lines().filter(|line| line.contains("CONSOLE")).collect()
}

/// Everything that has a path, with what stands there.
fn facts(dom: &str) -> Vec<&str> {
    dom.split("data-path=\"").skip(1).map(|rest| rest.split('<').next().unwrap()).collect()
}

/// The report with text that would act if anything let it.
fn hostile() -> Report {
    let mut report = full();
    let act = "<script>document.title='HACKED'</script>\"><img src=x onerror=\"document.title='HACKED'\">\
               <style>*{display:none}</style>\u{202e}\u{1b}[2J' onfocus=alert(1) autofocus='";
    report.title = act.to_owned();
    report.hypothesis = Some(act.to_owned());
    report.teams = vec![act.to_owned()];
    report.objectives.iter_mut().for_each(|one| {
        one.title = act.to_owned();
        one.evidence = act.to_owned();
    });
    report.injections.iter_mut().for_each(|one| one.name = act.to_owned());
    report.incidents.iter_mut().for_each(|one| one.title = act.to_owned());
    report.phases.iter_mut().for_each(|one| one.name = act.to_owned());
    report.log.iter_mut().for_each(|one| one.text = act.to_owned());
    report.slos.iter_mut().for_each(|one| one.name = act.to_owned());
    report.pauses.iter_mut().for_each(|one| one.reason = act.to_owned());
    report
}

#[test]
fn scripts_on_and_off_the_page_says_the_same_and_complains_of_nothing() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    for (name, report) in [("story", full()), ("hostile", hostile())] {
        let page = html::render(&report, Language::English).unwrap();
        let path = folder.path().join(format!("{name}.html"));
        std::fs::write(&path, &page).unwrap();
        // Whoever would fetch something is refused, and says so.
        let deaf = ["--dump-dom", "--host-resolver-rules=MAP * ~NOTFOUND"];
        let (with, said) = open(&browser, &path, &deaf);
        assert_eq!(console(&said), Vec::<&str>::new(), "{name}");
        // The browser prints nothing of a page when its scripts are off; one whose policy refuses them all is the same.
        let refused =
            page.replace(&format!("script-src '{}'", parts::script_hash()), "script-src 'none'");
        assert_ne!(refused, page);
        std::fs::write(&path, &refused).unwrap();
        let (without, _) = open(&browser, &path, &deaf);
        let (with, without) =
            (String::from_utf8(with).unwrap(), String::from_utf8(without).unwrap());
        assert!(with.contains("class=\"readout\""), "{name}: the script did not run");
        assert!(!without.contains("class=\"readout\""), "{name}: a script ran");
        assert!(facts(&with) == facts(&without), "{name}: not the same facts");
        assert!(facts(&with).len() > 1_500, "{name}");
        for dom in [&with, &without] {
            let title = dom.split("<title>").nth(1).unwrap();
            assert!(title.starts_with("Game day: "), "{name}: {title:.60}");
            assert!(!dom.contains("<img") && dom.matches("<script").count() == 1, "{name}");
            assert_eq!(dom.matches("<style").count(), 1, "{name}");
        }
    }
}

/// The first page of a document, without what comes after it.
fn brief(page: &str) -> String {
    let (head, rest) = page.split_once("<nav class=\"contents\"").unwrap();
    let end = rest.find("</main>").unwrap();
    let script = rest.find("<footer>").unwrap();
    let tail = &rest[end..script];
    format!("{head}{tail}</body></html>")
}

/// How many pages a PDF has.
fn pages(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    text.matches("/Type /Page\n").count() + text.matches("/Type /Page ").count()
}

#[test]
fn page_one_is_one_page_of_paper() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    for language in gameday::lang::LANGUAGES {
        let page = html::render(&full(), language).unwrap();
        let count = |name: &str, page: &str| {
            let path = folder.path().join(format!("{name}.html"));
            let pdf = folder.path().join(format!("{name}.pdf"));
            std::fs::write(&path, page).unwrap();
            let flags =
                [format!("--print-to-pdf={}", pdf.display()), "--no-pdf-header-footer".to_owned()];
            open(&browser, &path, &[&flags[0], &flags[1]]);
            pages(&std::fs::read(&pdf).unwrap())
        };
        let whole = count("whole", &page);
        assert!((3..30).contains(&whole), "{whole} pages");
        // The break after it makes no page of its own where nothing follows.
        let brief = brief(&page).replace("break-after: page", "break-after: auto");
        assert_eq!(count("brief", &brief), 1, "{}", language.code());
    }
}
