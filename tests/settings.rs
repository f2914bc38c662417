//! The file of settings: what profiles mean, everything that is wrong with one at once, and that no value is ever repeated.

use std::path::{Path, PathBuf};

use gameday::config::profile::Profiles;
use gameday::config::settings::{Base, read, told};
use gameday::metrics::access::Access;
use gameday::metrics::prometheus::Prometheus;
use gameday::metrics::secret::{Auth, Credential, Secret};
use gameday::metrics::trust::Identity;
use proptest::prelude::*;

fn base() -> Base<'static> {
    Base { folder: Path::new("/home/aiko/.config/gameday"), home: Some(Path::new("/home/aiko")) }
}

fn refused(text: &str) -> String {
    told(&read(text, base()).unwrap_err(), "config.yaml")
}

#[test]
fn a_profile_says_how_to_get_at_its_servers() {
    let text = "
profiles:
  production:
    prometheus: https://prom.example/prometheus
    alertmanager: https://alerts.example
    token_file: ~/secrets/token
    ca_file: /etc/ca.pem
    cert_file: me.pem
    key_file: me.key
    headers: { X-Api-Key: s3cret }
    tenant: shop
    watch: shop.yaml
  plain: { prometheus: 'http://aiko:s3cret@localhost:9090' }
  basic: { alertmanager: 'http://localhost:9093', user: aiko, password_file: pass }
default_profile: production
";
    let profiles = read(text, base()).unwrap_or_else(|why| panic!("{}", told(&why, "x")));
    assert_eq!(profiles.names().collect::<Vec<_>>(), ["basic", "plain", "production"]);
    let (name, production) = profiles.choose(None).unwrap().unwrap();
    assert_eq!(name, "production");
    assert_eq!(production.watch, Some(PathBuf::from("/home/aiko/.config/gameday/shop.yaml")));
    let here = |name: &str| base().folder.join(name);
    for (access, address) in [
        (&production.prometheus, "https://prom.example/prometheus"),
        (&production.alertmanager, "https://alerts.example"),
    ] {
        let wanted = Access {
            auth: Auth::Bearer(Credential::in_file("/home/aiko/secrets/token")),
            authority: Some(PathBuf::from("/etc/ca.pem")),
            identity: Some(Identity { certificate: here("me.pem"), key: here("me.key") }),
            headers: vec![
                ("X-Api-Key".to_owned(), Secret::new("s3cret".to_owned())),
                ("X-Scope-OrgID".to_owned(), Secret::new("shop".to_owned())),
            ],
            ..Access::to(address).unwrap()
        };
        assert_eq!(access.as_ref(), Some(&wanted));
    }
    let (_, plain) = profiles.choose(Some("plain")).unwrap().unwrap();
    let access = plain.prometheus.as_ref().unwrap();
    assert!(matches!(&access.auth, Auth::Basic { user, .. } if user == "aiko"), "{access:?}");
    Prometheus::new(access).unwrap();
    let (_, basic) = profiles.choose(Some("basic")).unwrap().unwrap();
    let password = Credential::in_file(here("pass"));
    let wanted = Auth::Basic { user: "aiko".to_owned(), password };
    assert_eq!(basic.alertmanager.as_ref().unwrap().auth, wanted);
    assert!(basic.prometheus.is_none());
    let why = profiles.choose(Some("prodution\u{1b}")).unwrap_err();
    assert_eq!(why, "there is no profile \"prodution\u{fffd}\": did you mean \"production\"?");
    assert!(!format!("{profiles:?}").contains("s3cret"));
}

#[test]
fn without_a_file_or_anything_in_it_there_is_no_profile() {
    for text in ["", "# nothing yet\n", "profiles: {}\n"] {
        let profiles = read(text, base()).unwrap();
        assert_eq!(profiles, Profiles::default());
        assert_eq!(profiles.choose(None), Ok(None));
        assert_eq!(
            profiles.choose(Some("x")),
            Err("there is no profile \"x\", nor any other".to_owned())
        );
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let text = "\
profiels: {}
profiles:
  'a b': { prometheus: 'http://h' }
  nobody: { watch: x.yaml, tokn_file: s3cret }
  ftp: { prometheus: 'ftp://s3cret@h' }
  query: { prometheus: 'http://h/?token=s3cret' }
  none: { prometheus: 'http://aiko:s3cret@' }
  both: { prometheus: 'http://h', token_file: a, user: s3cret }
  twice: { prometheus: 'http://aiko:s3cret@h', token_file: a }
  half: { prometheus: 'http://h', user: aiko, cert_file: a }
  other: { prometheus: 'http://h', password_file: s3cret, key_file: a }
  headers: { prometheus: 'http://h', headers: { 'X Y': s3cret, Authorization: Bearer s3cret, X-A: \"s3cret\\nX: y\" } }
  tenants: { prometheus: 'http://h', tenant: s3cret, headers: { x-scope-orgid: s3cret } }
  empty: { prometheus: , alertmanager: [s3cret], user: ' ', password_file: a }
  list: [s3cret]
  list: { prometheus: 'http://h' }
default_profile: list
";
    insta::assert_snapshot!(refused(text));
}

#[test]
fn the_usual_profile_is_one_of_them() {
    let text = "profiles: { shop: { prometheus: 'http://h' } }\ndefault_profile: shp\n";
    let said =
        "config.yaml:2:18: error: there is no profile of this name; did you mean \"shop\"?\n";
    assert_eq!(refused(text), said);
}

fn scraps() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("profiles:\n"),
        Just("  shop:\n"),
        Just("    prometheus: "),
        Just("http://aiko:s3cret@h\n"),
        Just("https://h/?token=s3cret\n"),
        Just("    token_file: s3cret\n"),
        Just("    user: 's3cret\n"),
        Just("    password_file: \"s3cret\\q\"\n"),
        Just("    headers: { X-Key: s3cret, "),
        Just("    tenant: *s3cret\n"),
        Just("    watch: !s3cret x\n"),
        Just("    ca_file: &s3cret x\n"),
        Just("default_profile: s3cret\n"),
        Just("%s3cret\n"),
        Just(" @s3cret\n"),
        Just("\t`s3cret\n"),
        Just("---\n"),
        Just("\n"),
        Just("}"),
        Just("- s3cret\n"),
        Just("|s3cret\n"),
        Just("\u{1b}"),
    ];
    proptest::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_value_is_ever_repeated(text in scraps()) {
        if let Err(problems) = read(&text, base()) {
            let said = told(&problems, "config.yaml");
            prop_assert!(!problems.is_empty() && said.lines().count() == problems.iter().len());
            // Where a secret slipped into the place of a key, it is one: those are names, and told.
            let named = |line: &&str| {
                ["has no key \"", "cannot be the name", "a second time", "no name of a header"]
                    .iter()
                    .any(|words| line.contains(words))
            };
            let value = said.lines().filter(|line| line.contains("s3cret")).find(|line| !named(line));
            prop_assert_eq!(value, None, "{}", text);
            prop_assert!(!said.chars().any(|c| c.is_control() && c != '\n'), "{said:?}");
        }
    }
}
