-- What the pipeline remembers: it survives the program. Times are UTC.
CREATE SCHEMA IF NOT EXISTS sparkify_ops;
CREATE TABLE IF NOT EXISTS sparkify_ops.runs (
  run_id BIGINT NOT NULL PRIMARY KEY,
  selection VARCHAR(1024) NOT NULL,
  state VARCHAR(16) NOT NULL,
  started_by VARCHAR(512) NOT NULL,
  started_at TIMESTAMP NOT NULL,
  seconds DOUBLE PRECISION,
  error VARCHAR(65535),
  configuration VARCHAR(65535) NOT NULL
);
CREATE TABLE IF NOT EXISTS sparkify_ops.stage_runs (
  run_id BIGINT NOT NULL,
  stage VARCHAR(32) NOT NULL,
  state VARCHAR(16) NOT NULL,
  started_at TIMESTAMP NOT NULL,
  seconds DOUBLE PRECISION,
  stored_rows BIGINT,
  read_bytes BIGINT,
  rejects BIGINT,
  note VARCHAR(1024),
  error VARCHAR(65535),
  PRIMARY KEY (run_id, stage)
);
CREATE TABLE IF NOT EXISTS sparkify_ops.checks (
  run_id BIGINT NOT NULL,
  position INTEGER NOT NULL,
  name VARCHAR(64) NOT NULL,
  title VARCHAR(512) NOT NULL,
  verdict VARCHAR(16) NOT NULL,
  row_count BIGINT NOT NULL,
  detail VARCHAR(4096) NOT NULL,
  offending_rows_sql VARCHAR(65535),
  PRIMARY KEY (run_id, position)
);
CREATE TABLE IF NOT EXISTS sparkify_ops.rejects (
  run_id BIGINT NOT NULL,
  stage VARCHAR(32) NOT NULL,
  file VARCHAR(4096) NOT NULL,
  line BIGINT NOT NULL,
  byte_offset BIGINT NOT NULL,
  column_name VARCHAR(128),
  reason VARCHAR(1024) NOT NULL,
  raw_text VARCHAR(65535) NOT NULL,
  is_cut BOOLEAN NOT NULL
);
CREATE TABLE IF NOT EXISTS sparkify_ops.publications (
  run_id BIGINT NOT NULL,
  published_at TIMESTAMP NOT NULL
);
