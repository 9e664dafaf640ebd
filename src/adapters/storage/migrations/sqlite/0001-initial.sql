-- Instants are milliseconds since 1970. Hashes are hex SHA-256.

CREATE TABLE browser_session (
  id_hash TEXT PRIMARY KEY,
  data TEXT NOT NULL,
  principal_key TEXT,
  provider_session TEXT,
  expires_at INTEGER NOT NULL,
  -- A tombstone: the session was ended, and cannot be written again.
  ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX browser_session_principal ON browser_session (principal_key)
  WHERE principal_key IS NOT NULL;
CREATE INDEX browser_session_provider ON browser_session (provider_session)
  WHERE provider_session IS NOT NULL;
CREATE INDEX browser_session_expiry ON browser_session (expires_at);

CREATE TABLE once_only (
  key_hash TEXT PRIMARY KEY,
  taken_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX once_only_end ON once_only (taken_until);

CREATE TABLE marked_role (
  principal_key TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('favourite', 'hidden')),
  account TEXT NOT NULL,
  permission_set TEXT NOT NULL,
  PRIMARY KEY (principal_key, kind, account, permission_set)
) STRICT, WITHOUT ROWID;

CREATE TABLE recent_opening (
  principal_key TEXT NOT NULL,
  account TEXT NOT NULL,
  permission_set TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  times INTEGER NOT NULL,
  PRIMARY KEY (principal_key, account, permission_set)
) STRICT, WITHOUT ROWID;

CREATE TABLE personal_setting (
  principal_key TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (principal_key, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE guest_pass (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  pin_hash TEXT,
  kind TEXT NOT NULL CHECK (kind IN ('email', 'link-and-pin')),
  guest_name TEXT NOT NULL,
  guest_email TEXT,
  sponsor_key TEXT NOT NULL,
  -- The sponsor with the claims of their latest sign-in, as JSON.
  sponsor TEXT NOT NULL,
  account TEXT NOT NULL,
  permission_set TEXT NOT NULL,
  destination TEXT,
  reason TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_until INTEGER NOT NULL,
  openings INTEGER,
  openings_used INTEGER NOT NULL DEFAULT 0 CHECK (openings_used >= 0),
  wrong_pins INTEGER NOT NULL DEFAULT 0,
  terms_accepted_at INTEGER,
  revoked_at INTEGER,
  given_at INTEGER NOT NULL
) STRICT;
CREATE INDEX guest_pass_sponsor ON guest_pass (sponsor_key);

-- Who acts, once per name: small, so that a search for a part of a name can read all of it.
CREATE TABLE audit_actor (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  folded TEXT NOT NULL
) STRICT;
CREATE INDEX audit_actor_key ON audit_actor (key);

CREATE TABLE audit_record (
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  actor TEXT NOT NULL REFERENCES audit_actor (id),
  account_id TEXT,
  account TEXT,
  permission_set TEXT,
  reason TEXT,
  address TEXT,
  request_id TEXT NOT NULL,
  opening_id TEXT,
  role_session_name TEXT,
  access_key_id TEXT,
  details TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
-- Each ends in the sequence by itself: it is SQLite's row id.
CREATE INDEX audit_record_at ON audit_record (at);
CREATE INDEX audit_record_type ON audit_record (type);
CREATE INDEX audit_record_actor ON audit_record (actor);
CREATE INDEX audit_record_account ON audit_record (account) WHERE account IS NOT NULL;
CREATE INDEX audit_record_account_id ON audit_record (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX audit_record_permission_set ON audit_record (permission_set)
  WHERE permission_set IS NOT NULL;
CREATE INDEX audit_record_request ON audit_record (request_id);
CREATE INDEX audit_record_opening ON audit_record (opening_id) WHERE opening_id IS NOT NULL;
CREATE INDEX audit_record_role_session ON audit_record (role_session_name)
  WHERE role_session_name IS NOT NULL;

-- The last record: what the next one is chained to. Shows when the newest records were removed.
CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  sequence INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_head VALUES (1, 0, printf('%064d', 0));

CREATE TRIGGER audit_record_update BEFORE UPDATE ON audit_record
  BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_record_delete BEFORE DELETE ON audit_record
  BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
-- INSERT OR REPLACE deletes without the trigger for deletes.
CREATE TRIGGER audit_record_replace BEFORE INSERT ON audit_record
  WHEN EXISTS (SELECT 1 FROM audit_record WHERE sequence = NEW.sequence)
  BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_actor_update BEFORE UPDATE ON audit_actor
  BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_actor_delete BEFORE DELETE ON audit_actor
  BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_head_update BEFORE UPDATE ON audit_head WHEN NEW.sequence <= OLD.sequence
  BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_head_delete BEFORE DELETE ON audit_head
  BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
