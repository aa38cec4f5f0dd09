-- grades.db: every run, every grade that was ever given in it, and what each of its parts rests on.
-- Points are integers in hundredths of a point. Times are UTC, ISO 8601. Versions are checksums: equal versions, equal content.
-- A submission may have many grades; the one with the largest number counts (view `newest`).

CREATE TABLE runs (                       -- one command that graded
  number             INTEGER PRIMARY KEY,
  began              TEXT NOT NULL,
  ended              TEXT,                -- NULL while it goes on, and for good when it was killed
  paths              TEXT NOT NULL,       -- JSON list: what was named on the command line
  settings           TEXT NOT NULL,       -- JSON object: all that `regrade` needs to run it again
  mode               TEXT NOT NULL,
  device             TEXT NOT NULL,
  data               TEXT NOT NULL,
  isolation          TEXT NOT NULL,
  seed               INTEGER NOT NULL,
  assignment         TEXT NOT NULL,
  assignment_version TEXT NOT NULL
);

CREATE TABLE versions (                   -- what the run's verdicts rest on besides the submissions: data, probes, course, packages, …
  run     INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  part    TEXT NOT NULL,
  version TEXT NOT NULL,
  PRIMARY KEY (run, part)
) WITHOUT ROWID;

CREATE TABLE submissions (
  id        TEXT PRIMARY KEY,             -- safe as a file name; its folder in the results
  student   TEXT NOT NULL,
  found_in  INTEGER NOT NULL REFERENCES runs,  -- the latest run that found it
  position  INTEGER NOT NULL              -- among all that this run found; the order of grades.csv
) WITHOUT ROWID;

CREATE TABLE grades (
  number           INTEGER PRIMARY KEY,
  submission       TEXT NOT NULL REFERENCES submissions ON DELETE CASCADE,
  run              INTEGER NOT NULL REFERENCES runs,
  given            TEXT NOT NULL,
  notebook         TEXT NOT NULL,
  sha256           TEXT NOT NULL,         -- of the notebook as handed in
  files            TEXT NOT NULL,         -- JSON list
  status           TEXT NOT NULL CHECK (status IN ('graded', 'rejected', 'needs_review')),
  reason           TEXT NOT NULL,
  auto_earned      INTEGER NOT NULL,
  auto_possible    INTEGER NOT NULL,
  manual_possible  INTEGER NOT NULL,
  seconds          TEXT NOT NULL,         -- JSON object: stage to seconds
  peak_memory_mb   REAL NOT NULL,
  notes            TEXT NOT NULL,         -- JSON list: what was scaled, skipped, fast-forwarded
  log              TEXT NOT NULL,         -- JSON list
  received         TEXT NOT NULL,         -- JSON: who handed it in, when, and what the late policy makes of that
  content_version  TEXT NOT NULL,         -- of all files of the submission, as read
  evidence_version TEXT NOT NULL,         -- of all that its replay rests on
  pages_version    TEXT NOT NULL          -- of all that its pages show
);
CREATE INDEX grades_of_submission ON grades (submission, number);

CREATE TABLE judgements (                 -- each check, answer and flag function that was run, and on what its result rests
  grade   INTEGER NOT NULL REFERENCES grades ON DELETE CASCADE,
  id      TEXT NOT NULL,
  version TEXT NOT NULL,                  -- of its code, of the evidence, and of the settings
  run     INTEGER NOT NULL REFERENCES runs,  -- in which it was judged; later grades take the result over while nothing changes
  PRIMARY KEY (grade, id)
) WITHOUT ROWID;

CREATE TABLE checks (
  grade      INTEGER NOT NULL REFERENCES grades ON DELETE CASCADE,
  position   INTEGER NOT NULL,
  id         TEXT NOT NULL,
  question   TEXT NOT NULL,
  title      TEXT NOT NULL,
  points     INTEGER NOT NULL,
  visibility TEXT NOT NULL CHECK (visibility IN ('visible', 'hidden')),
  evidence   TEXT NOT NULL,
  outcome    TEXT NOT NULL CHECK (outcome IN ('passed', 'failed', 'review', 'error', 'not_run')),
  sentence   TEXT NOT NULL,
  detail     TEXT NOT NULL,
  seconds    REAL NOT NULL,
  exhibits   BLOB,                        -- zlib of JSON; kept for the newest grade of a submission only
  PRIMARY KEY (grade, position)
) WITHOUT ROWID;

CREATE TABLE scores (                     -- of each question
  grade           INTEGER NOT NULL REFERENCES grades ON DELETE CASCADE,
  position        INTEGER NOT NULL,
  question        TEXT NOT NULL,
  title           TEXT NOT NULL,
  auto_earned     INTEGER NOT NULL,
  auto_possible   INTEGER NOT NULL,
  manual_possible INTEGER NOT NULL,
  PRIMARY KEY (grade, position)
) WITHOUT ROWID;

CREATE TABLE manual_items (               -- what waits for a person, and the student's text
  grade    INTEGER NOT NULL REFERENCES grades ON DELETE CASCADE,
  position INTEGER NOT NULL,
  id       TEXT NOT NULL,
  question TEXT NOT NULL,
  title    TEXT NOT NULL,
  points   INTEGER NOT NULL,
  found    INTEGER NOT NULL CHECK (found IN (0, 1)),
  answer   TEXT NOT NULL,
  PRIMARY KEY (grade, position)
) WITHOUT ROWID;

CREATE TABLE flags (
  grade    INTEGER NOT NULL REFERENCES grades ON DELETE CASCADE,
  position INTEGER NOT NULL,
  id       TEXT NOT NULL,
  sentence TEXT NOT NULL,
  cell     INTEGER,
  source   TEXT NOT NULL,                 -- the flag function that raised it; '' where the engine did
  PRIMARY KEY (grade, position)
) WITHOUT ROWID;

CREATE TABLE cells (                      -- how each code cell was replayed
  grade      INTEGER NOT NULL REFERENCES grades ON DELETE CASCADE,
  cell       INTEGER NOT NULL,
  question   TEXT NOT NULL,
  status     TEXT NOT NULL,
  seconds    REAL NOT NULL,
  error      TEXT NOT NULL,
  attempts   INTEGER NOT NULL,
  PRIMARY KEY (grade, cell)
) WITHOUT ROWID;

CREATE TABLE manual_marks (               -- given by people; nothing that is graded anew touches them
  submission TEXT NOT NULL REFERENCES submissions,
  item       TEXT NOT NULL,               -- the id of a manual item, or of a check that was left to a person
  points     INTEGER NOT NULL,
  comment    TEXT NOT NULL DEFAULT '',
  marked_by  TEXT NOT NULL,
  marked     TEXT NOT NULL,
  PRIMARY KEY (submission, item, marked)
) WITHOUT ROWID;

CREATE VIEW newest AS                     -- the grades that count
  SELECT * FROM grades WHERE number IN (SELECT max(number) FROM grades GROUP BY submission);
