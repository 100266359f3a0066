//! The operator: made by a code, by one at a time.

use backend::{Code, operator_code};

use crate::world::{TestBackend, visitor};

#[tokio::test]
async fn a_code_works_once_and_for_the_last_offer_only() {
    let test = TestBackend::new().await;
    let (ana, bob) = (visitor("ana"), visitor("bob"));
    let first = test.admin().offer_operator().await.unwrap().unwrap();
    let second = test.admin().offer_operator().await.unwrap().unwrap();
    assert!(!test.admin().become_operator(&ana, first).await.unwrap());
    assert!(!test.admin().is_operator(&ana));
    assert!(test.admin().become_operator(&ana, second.clone()).await.unwrap());
    assert!(test.admin().is_operator(&ana) && !test.admin().is_operator(&bob));
    assert!(!test.admin().become_operator(&bob, second).await.unwrap());
    assert!(test.admin().offer_operator().await.unwrap().is_none());
    let test = test.reopen(|_| {}).await;
    assert!(test.admin().is_operator(&ana));
}

#[tokio::test]
async fn of_many_who_give_one_code_at_once_one_is_the_operator() {
    let test = TestBackend::new().await;
    let code = test.admin().offer_operator().await.unwrap().unwrap();
    let mut tries = tokio::task::JoinSet::new();
    for n in 0..20 {
        let (backend, code) = (test.backend.clone(), code.clone());
        tries.spawn(async move {
            backend
                .admin()
                .become_operator(&visitor(&format!("{n}")), code)
                .await
                .unwrap()
        });
    }
    let taken = tries.join_all().await;
    assert_eq!(taken.iter().filter(|taken| **taken).count(), 1);
}

#[tokio::test]
async fn a_process_beside_the_backend_puts_a_code_of_its_own_and_none_is_stored_as_it_is() {
    let test = TestBackend::new().await;
    let (ana, bob) = (visitor("ana"), visitor("bob"));
    let code = test.admin().offer_operator().await.unwrap().unwrap();
    assert!(test.admin().become_operator(&ana, code).await.unwrap());
    let mut page = test.page("ana");
    let mut codes = Vec::new();
    for _ in 0..5 {
        // The writer and the other process take turns.
        let (code, _) = tokio::join!(operator_code(&test.config), page.add("Milk"));
        codes.push(code.unwrap());
    }
    let texts: Vec<String> = codes.iter().map(Code::to_string).collect();
    for file in ["tandem.db", "tandem.db-wal"] {
        let path = test
            .config
            .database
            .trim_start_matches("sqlite:")
            .replace("tandem.db", file);
        let bytes = std::fs::read(path).unwrap();
        for text in &texts {
            let plain = text.replace('-', "");
            for text in [text.as_bytes(), plain.as_bytes()] {
                assert!(
                    !bytes.windows(text.len()).any(|part| part == text),
                    "{file} holds a code"
                );
            }
        }
    }
    assert!(
        test.admin()
            .become_operator(&bob, codes.pop().unwrap())
            .await
            .unwrap()
    );
    assert!(test.admin().is_operator(&bob) && !test.admin().is_operator(&ana));
}
