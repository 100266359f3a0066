//! What becomes of a job's file when others begin and end beside it.

use std::path::Path;

use domain::Seq;

use super::*;
use crate::lists::export_files::ExportFiles;

const ANA: PersonId = PersonId::from_bytes([1; 16]);

struct World {
    folder: tempfile::TempDir,
    jobs: Arc<Jobs>,
    hub: Arc<Hub>,
    files: Arc<ExportFiles>,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            files: Arc::new(ExportFiles::open(folder.path().join("exports"))),
            jobs: Arc::default(),
            hub: Arc::new(Hub::new(
                domain::Epoch::parse("abcdefgh").unwrap(),
                Seq::ZERO,
                [].into(),
            )),
            folder,
        }
    }

    fn begin(&self) -> Begun {
        self.jobs
            .begin(&self.hub, ANA, "export", "Exporting", true)
            .unwrap()
    }

    #[track_caller]
    fn begun(&self) -> JobProgress {
        match self.begin() {
            Begun::Now(progress) => progress,
            Begun::Before(id) => panic!("{id} is under way"),
        }
    }

    fn done(&self, progress: &JobProgress) -> Result<JobOutcome, String> {
        let file = self.files.begin(ANA, progress.id()).unwrap().finish();
        Ok(JobOutcome {
            sentence: "Done.".to_owned(),
            result: Some(Arc::new(file)),
        })
    }

    fn files(&self) -> usize {
        let folder: &Path = &self.folder.path().join("exports");
        std::fs::read_dir(folder).unwrap().count()
    }
}

#[tokio::test]
async fn a_new_export_takes_the_place_of_the_one_before() {
    let world = World::new();
    let first = world.begun();
    let (outcome, id) = (world.done(&first), first.id().to_owned());
    assert!(
        matches!(world.begin(), Begun::Before(before) if before == id),
        "there is one at a time"
    );
    first.finish(outcome);
    assert!(world.jobs.of(ANA, &id).is_some() && world.files() == 1);
    let second = world.begun();
    assert_eq!(world.files(), 0, "from when it begins");
    assert!(world.jobs.of(ANA, &id).is_none());
    let outcome = world.done(&second);
    second.finish(outcome);
    assert_eq!(world.files(), 1);
    // They count as long as any: nobody has exports without end.
    for _ in 2..8 {
        world.begun();
    }
    let ninth = world.jobs.begin(&world.hub, ANA, "export", "Exporting", true);
    assert!(matches!(ninth, Err(Error::TooManyJobs)));
}

#[tokio::test]
async fn what_ends_after_its_person_left_leaves_nothing() {
    let world = World::new();
    let (kept, running) = (world.begun(), world.begin());
    assert!(matches!(running, Begun::Before(_)));
    let outcome = world.done(&kept);
    world.jobs.forget_all(ANA);
    assert_eq!(world.files(), 1, "it is still being written");
    kept.finish(outcome);
    assert_eq!(world.files(), 0);
    let next = world.begun();
    let outcome = world.done(&next);
    next.finish(outcome);
    world.jobs.forget_all(ANA);
    assert_eq!(world.files(), 0);
    assert!(world.jobs.by_id.lock().is_empty());
}

/// A thread ends one while others begin theirs: whoever has what was made, it is one file.
#[test]
fn an_end_and_a_begin_at_the_same_moment_leave_one_file() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let _context = runtime.enter();
    for _ in 0..100 {
        let world = World::new();
        let first = world.begun();
        let outcome = world.done(&first);
        std::thread::scope(|scope| {
            let _context = &_context;
            scope.spawn(|| first.finish(outcome));
            let next = loop {
                if let Begun::Now(progress) = world.begin() {
                    break progress;
                }
            };
            let outcome = world.done(&next);
            next.finish(outcome);
        });
        assert_eq!(world.files(), 1);
    }
}
