//! A certificate that expires, and comes back; and that no key is ever in anything that is written down.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gameday::gameday::fault::Fault;
use gameday::kubernetes::native::carry::take_back;
use kube::api::{DeleteParams, Patch, PatchParams};
use serde_json::{Value, json};

use super::super::player::cluster::SECRET;
use super::super::proxy::trouble::Ill;
use super::super::stage::Stage;
use super::*;

const TLS: &str = "shop-tls";

fn part(secret: &Value, name: &str) -> Vec<u8> {
    STANDARD.decode(secret["data"][name].as_str().unwrap()).unwrap()
}

/// No part of what stood in the Secret is in a text.
fn nothing_of(secret: &Value, told: &str) {
    for name in ["tls.crt", "tls.key"] {
        let encoded = secret["data"][name].as_str().unwrap();
        let plain = String::from_utf8(part(secret, name)).unwrap();
        let longest = plain.lines().max_by_key(|line| line.len()).unwrap();
        assert!(!told.contains(&encoded[..40]), "{name} is told: {told}");
        assert!(!told.contains(longest), "{name} is told: {told}");
    }
    assert!(!told.contains("PRIVATE KEY"), "{told}");
}

async fn kept(stage: &Stage) -> Vec<Value> {
    let all = stage.cluster().list(SECRET).await.unwrap();
    let ours = all.into_iter().filter(|one| one.labels().contains_key("gameday.internal/run-id"));
    ours.map(|one| serde_json::to_value(one).unwrap()).collect()
}

#[tokio::test]
async fn a_certificate_expires_and_is_good_again() {
    let stage = Stage::shop().await;
    let before = text(&stage, SECRET, TLS).await;
    let changes = prepared(&stage, Fault::CertificateExpiry, "api-gateway").await.unwrap();
    assert!(kept(&stage).await.is_empty(), "a preparation makes nothing");
    let said = applied(&stage, &changes).await.unwrap();
    assert!(said.contains("expired certificate for shop.example.com"), "{said}");
    let there = text(&stage, SECRET, TLS).await;
    let pem = part(&there, "tls.crt");
    let (_, block) = x509_parser::pem::parse_x509_pem(&pem).unwrap();
    let read = block.parse_x509().unwrap();
    assert!(read.validity().not_after.timestamp() * 1_000 < step().deadline - 60_000);
    let names = read.subject_alternative_name().unwrap().unwrap();
    assert!(format!("{:?}", names.value.general_names).contains("shop.example.com"));
    assert_eq!(there["type"], "kubernetes.io/tls");
    // What is kept carries our labels, and what is written down carries nothing of it.
    let [one] = &kept(&stage).await[..] else { panic!("one is kept") };
    assert_eq!(one["metadata"]["labels"]["gameday.internal/kind"], "journal");
    let told = [serde_json::to_string(&changes).unwrap(), said, format!("{changes:?}")].join("\n");
    nothing_of(&before, &told);
    nothing_of(&there, &told);
    // Again changes nothing: above all, no other certificate is made.
    applied(&stage, &changes).await.unwrap();
    assert_eq!(text(&stage, SECRET, TLS).await, there);
    let said = reverted(&stage, &changes).await.unwrap();
    assert!(said.contains("fingerprint is the one from before"), "{said}");
    nothing_of(&before, &said);
    assert_eq!(text(&stage, SECRET, TLS).await, before);
    assert!(kept(&stage).await.is_empty());
    reverted(&stage, &changes).await.unwrap();
    stage.close().await;
}

#[tokio::test]
async fn a_certificate_that_somebody_renewed_is_not_overwritten_and_not_told() {
    let stage = Stage::shop().await;
    let before = text(&stage, SECRET, TLS).await;
    let changes = prepared(&stage, Fault::CertificateExpiry, "api-gateway").await.unwrap();
    applied(&stage, &changes).await.unwrap();
    let new = rcgen::generate_simple_self_signed(["shop.example.com".to_owned()]).unwrap();
    let api = stage.cluster().api(SECRET);
    let patch = json!({ "stringData": { "tls.crt": new.cert.pem(), "tls.key": new.signing_key.serialize_pem() } });
    api.patch(TLS, &PatchParams::default(), &Patch::Merge(patch)).await.unwrap();
    let renewed = text(&stage, SECRET, TLS).await;
    let error = reverted(&stage, &changes).await.unwrap_err().0;
    assert!(error.contains("neither what it was nor what we put there"), "{error}");
    nothing_of(&before, &error);
    nothing_of(&renewed, &error);
    assert_eq!(text(&stage, SECRET, TLS).await["data"], renewed["data"]);
    assert_eq!(kept(&stage).await.len(), 1, "what stood there is not forgotten");
    take_back(&here(&stage).await, &changes).await.unwrap();
    assert_eq!(text(&stage, SECRET, TLS).await, before);
    assert!(kept(&stage).await.is_empty());
    stage.close().await;
}

#[tokio::test]
async fn a_death_in_the_middle_is_mended_by_whoever_comes() {
    let stage = Stage::shop().await;
    let before = text(&stage, SECRET, TLS).await;
    for (verb, ill) in
        [("create", Ill::Lost), ("create", Ill::Reset), ("patch", Ill::Lost), ("delete", Ill::Lost)]
    {
        let changes = prepared(&stage, Fault::CertificateExpiry, "api-gateway").await.unwrap();
        stage.trouble().next(1, verb, "secrets", ill);
        applied(&stage, &changes).await.unwrap();
        assert_ne!(text(&stage, SECRET, TLS).await["data"], before["data"]);
        reverted(&stage, &changes).await.unwrap();
        assert_eq!(text(&stage, SECRET, TLS).await, before);
        assert!(kept(&stage).await.is_empty());
        stage.trouble().over();
    }
    // Kept, and never exchanged.
    let changes = prepared(&stage, Fault::CertificateExpiry, "api-gateway").await.unwrap();
    stage.trouble().always("patch", "secrets", Ill::forbidden("no"));
    applied(&stage, &changes).await.unwrap_err();
    stage.trouble().over();
    reverted(&stage, &changes).await.unwrap();
    assert!(kept(&stage).await.is_empty());
    // Exchanged, and what was kept is gone: nobody pretends.
    let changes = prepared(&stage, Fault::CertificateExpiry, "api-gateway").await.unwrap();
    applied(&stage, &changes).await.unwrap();
    let name = kept(&stage).await[0]["metadata"]["name"].as_str().unwrap().to_owned();
    let api = stage.cluster().api(SECRET);
    let _ = api.delete(&name, &DeleteParams::default()).await.unwrap();
    let error = reverted(&stage, &changes).await.unwrap_err().0;
    assert!(error.contains("is gone: put a good certificate into"), "{error}");
    stage.discard().await;
}

#[tokio::test]
async fn what_others_issue_or_nobody_may_change_is_refused() {
    let stage = Stage::shop().await;
    let api = stage.cluster().api(SECRET);
    let sign = |value: Value| json!({ "metadata": { "annotations": { "cert-manager.io/certificate-name": value } } });
    api.patch(TLS, &PatchParams::default(), &Patch::Merge(sign(json!("shop")))).await.unwrap();
    let error = prepared(&stage, Fault::CertificateExpiry, "api-gateway").await.unwrap_err().0;
    assert!(error.contains("cert-manager"), "{error}");
    api.patch(TLS, &PatchParams::default(), &Patch::Merge(sign(Value::Null))).await.unwrap();
    let fixed = json!({ "immutable": true });
    api.patch(TLS, &PatchParams::default(), &Patch::Merge(fixed)).await.unwrap();
    let error = prepared(&stage, Fault::CertificateExpiry, "api-gateway").await.unwrap_err().0;
    assert!(error.contains("immutable"), "{error}");
    let error = prepared(&stage, Fault::CertificateExpiry, "web-app").await.unwrap_err().0;
    assert!(error.contains("mount no Secret"), "{error}");
    stage.close().await;
}
