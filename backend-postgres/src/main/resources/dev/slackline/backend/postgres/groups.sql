-- Groups, and what is put into one of them alone.

-- Makes a group exist. Returns whether it is new.
CREATE OR REPLACE FUNCTION ${schema}.declare_group(p_name text, p_earliest boolean) RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = ${schema}, pg_temp AS
$$
DECLARE
  v_group integer;
BEGIN
  IF EXISTS (SELECT FROM consumer_group WHERE name = p_name) THEN
    RETURN false;
  END IF;
  INSERT INTO consumer_group (name, consumed_at) VALUES (p_name, now())
    ON CONFLICT (name) DO NOTHING RETURNING id INTO v_group;
  IF v_group IS NOT NULL AND p_earliest THEN
    INSERT INTO ready (group_id, next, last, keyed)
    SELECT v_group, min(m.seq), max(m.seq), bool_or(m.ordering_key IS NOT NULL) FROM (
      SELECT x.seq, x.ordering_key, x.seq - row_number() OVER (ORDER BY x.seq) AS run FROM message x) m
    GROUP BY m.run;
  END IF;
  RETURN v_group IS NOT NULL;
END
$$;

-- Forgets a group. What waited for it is left for sweep.
CREATE OR REPLACE FUNCTION ${schema}.drop_group(p_name text) RETURNS void LANGUAGE plpgsql VOLATILE
SET search_path = ${schema}, pg_temp SET lock_timeout = '5s' SET jit = off AS
$$
DECLARE
  v_group integer;
BEGIN
  SELECT id INTO v_group FROM consumer_group WHERE name = p_name;
  IF v_group IS NOT NULL THEN
    PERFORM take_turns(v_group);
    DELETE FROM consumer_group WHERE id = v_group;
  END IF;
END
$$;

-- Puts dead letters back for their group alone, under their old number. Returns how many.
CREATE OR REPLACE FUNCTION ${schema}.replay(p_name text, p_ns bigint[]) RETURNS integer LANGUAGE plpgsql VOLATILE
SET search_path = ${schema}, pg_temp SET lock_timeout = '5s' SET jit = off AS
$$
DECLARE
  v_group integer;
  v_replayed integer;
BEGIN
  SELECT id INTO v_group FROM consumer_group WHERE name = p_name;
  PERFORM take_turns(v_group);
  -- where another group still has the message its row is locked, so that it does not go with that group's settlement
  WITH risen AS (
    DELETE FROM dead WHERE group_id = v_group AND n = ANY (p_ns) RETURNING *),
  stored AS (
    INSERT INTO message (seq, published_at, id, key, ordering_key, headers, payload)
    SELECT r.seq, r.published_at, r.id, r.key, r.ordering_key, r.headers, r.payload FROM risen r ORDER BY r.seq
    ON CONFLICT (seq) DO UPDATE SET seq = excluded.seq)
  INSERT INTO ready (group_id, next, last, keyed, deaths)
  SELECT r.group_id, r.seq, r.seq, r.ordering_key IS NOT NULL, r.deaths FROM risen r;
  GET DIAGNOSTICS v_replayed = ROW_COUNT;
  RETURN v_replayed;
END
$$;

-- Takes over a message from another backend for one group: as one that waits, or, with attempt 0, as a dead letter.
-- Returns whether it is new there, or null if there is no such group.
CREATE OR REPLACE FUNCTION ${schema}.restore(
  p_name text, p_id text, p_key text, p_ordering_key text, p_published_at bigint, p_headers text, p_payload bytea,
  p_attempt integer, p_deaths jsonb
) RETURNS boolean LANGUAGE plpgsql VOLATILE
SET search_path = ${schema}, pg_temp SET lock_timeout = '5s' SET jit = off SET enable_seqscan = off AS
$$
DECLARE
  v_group integer;
  v_seq bigint;
BEGIN
  SELECT id INTO v_group FROM consumer_group WHERE name = p_name;
  IF v_group IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM take_turns(v_group);
  IF p_attempt = 0 THEN
    IF EXISTS (SELECT FROM dead WHERE group_id = v_group AND id = p_id) THEN
      RETURN false;
    END IF;
    INSERT INTO dead (group_id, seq, published_at, id, key, ordering_key, headers, payload, deaths)
    VALUES (v_group, nextval(pg_get_serial_sequence('message', 'seq')), p_published_at, p_id, p_key, p_ordering_key,
      p_headers, p_payload, p_deaths);
    RETURN true;
  END IF;
  SELECT seq INTO v_seq FROM restored WHERE group_id = v_group AND id = p_id;
  IF is_ready(v_group, v_seq) OR EXISTS (SELECT FROM held WHERE group_id = v_group AND seq = v_seq) THEN
    RETURN false;
  END IF;
  INSERT INTO message (published_at, id, key, ordering_key, headers, payload)
  VALUES (p_published_at, p_id, p_key, p_ordering_key, p_headers, p_payload) RETURNING seq INTO v_seq;
  INSERT INTO ready (group_id, next, last, keyed, attempt, deaths)
  VALUES (v_group, v_seq, v_seq, p_ordering_key IS NOT NULL, p_attempt, nullif(p_deaths, '[]'));
  INSERT INTO restored (group_id, id, seq) VALUES (v_group, p_id, v_seq)
    ON CONFLICT (group_id, id) DO UPDATE SET seq = excluded.seq;
  RETURN true;
END
$$;
