-- Instants are milliseconds since 1970. Hashes are hex SHA-256.

CREATE TABLE browser_session (
  id_hash text PRIMARY KEY,
  data text NOT NULL,
  principal_key text,
  provider_session text,
  expires_at bigint NOT NULL,
  -- A tombstone: the session was ended, and cannot be written again.
  ended_at bigint
);
-- Hash indexes, because a provider's text may be longer than a B-tree takes (2,704 bytes).
CREATE INDEX browser_session_principal ON browser_session USING hash (principal_key);
CREATE INDEX browser_session_provider ON browser_session USING hash (provider_session);
CREATE INDEX browser_session_expiry ON browser_session (expires_at);

CREATE TABLE once_only (
  key_hash text PRIMARY KEY,
  taken_until bigint NOT NULL
);
CREATE INDEX once_only_end ON once_only (taken_until);

CREATE TABLE marked_role (
  principal_key text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('favourite', 'hidden')),
  account text NOT NULL,
  permission_set text NOT NULL,
  PRIMARY KEY (principal_key, kind, account, permission_set)
);

CREATE TABLE recent_opening (
  principal_key text NOT NULL,
  account text NOT NULL,
  permission_set text NOT NULL,
  opened_at bigint NOT NULL,
  ends_at bigint NOT NULL,
  times integer NOT NULL,
  PRIMARY KEY (principal_key, account, permission_set)
);

CREATE TABLE personal_setting (
  principal_key text NOT NULL,
  name text NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (principal_key, name)
);

CREATE TABLE guest_pass (
  id text PRIMARY KEY,
  token_hash text NOT NULL UNIQUE,
  pin_hash text,
  kind text NOT NULL CHECK (kind IN ('email', 'link-and-pin')),
  guest_name text NOT NULL,
  guest_email text,
  sponsor_key text NOT NULL,
  -- The sponsor with the claims of their latest sign-in, as JSON.
  sponsor text NOT NULL,
  account text NOT NULL,
  permission_set text NOT NULL,
  destination text,
  reason text NOT NULL,
  valid_from bigint NOT NULL,
  valid_until bigint NOT NULL,
  openings integer,
  openings_used integer NOT NULL DEFAULT 0 CHECK (openings_used >= 0),
  wrong_pins integer NOT NULL DEFAULT 0,
  terms_accepted_at bigint,
  revoked_at bigint,
  given_at bigint NOT NULL
);
CREATE INDEX guest_pass_sponsor ON guest_pass USING hash (sponsor_key);

-- Who acts, once per name: small, so that a search for a part of a name can read all of it.
CREATE TABLE audit_actor (
  id text PRIMARY KEY,
  kind text NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  folded text NOT NULL
);
CREATE INDEX audit_actor_key ON audit_actor (key);

CREATE TABLE audit_record (
  sequence bigint PRIMARY KEY,
  at bigint NOT NULL,
  type text NOT NULL,
  actor text NOT NULL REFERENCES audit_actor (id),
  account_id text,
  account text,
  permission_set text,
  reason text,
  address text,
  request_id text NOT NULL,
  opening_id text,
  role_session_name text,
  access_key_id text,
  details text NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL
);
CREATE INDEX audit_record_at ON audit_record (at, sequence);
CREATE INDEX audit_record_type ON audit_record (type, sequence);
CREATE INDEX audit_record_actor ON audit_record (actor, sequence);
CREATE INDEX audit_record_account ON audit_record (account, sequence) WHERE account IS NOT NULL;
CREATE INDEX audit_record_account_id ON audit_record (account_id, sequence)
  WHERE account_id IS NOT NULL;
CREATE INDEX audit_record_permission_set ON audit_record (permission_set, sequence)
  WHERE permission_set IS NOT NULL;
CREATE INDEX audit_record_request ON audit_record (request_id, sequence);
CREATE INDEX audit_record_opening ON audit_record (opening_id, sequence)
  WHERE opening_id IS NOT NULL;
CREATE INDEX audit_record_role_session ON audit_record (role_session_name, sequence)
  WHERE role_session_name IS NOT NULL;

-- The last record: what the next one is chained to; its lock puts all replicas into one order.
CREATE TABLE audit_head (
  id integer PRIMARY KEY CHECK (id = 1),
  sequence bigint NOT NULL,
  hash text NOT NULL
);
INSERT INTO audit_head VALUES (1, 0, repeat('0', 64));

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only';
END
$$;
CREATE TRIGGER audit_record_change BEFORE UPDATE OR DELETE ON audit_record
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_record_truncate BEFORE TRUNCATE ON audit_record
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_actor_change BEFORE UPDATE OR DELETE ON audit_actor
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_actor_truncate BEFORE TRUNCATE ON audit_actor
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_head_update BEFORE UPDATE ON audit_head
  FOR EACH ROW WHEN (NEW.sequence <= OLD.sequence) EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_head_delete BEFORE DELETE ON audit_head
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_head_truncate BEFORE TRUNCATE ON audit_head
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
