-- Lending messages to consumers.

-- Lending, replaying and dropping come one after another within a group. The lock is the group's own: its number, and
-- that of a table of this topic.
CREATE OR REPLACE FUNCTION ${schema}.take_turns(p_group integer) RETURNS void LANGUAGE sql VOLATILE AS
$$ SELECT pg_advisory_xact_lock(('${schema}.held'::regclass::oid::bigint << 32) | p_group) $$;

-- Lends at most p_max messages of a group; what they are is in message. p_group is null if there is no such group, deaths
-- if there are none, more is whether there is more to do at once, wait_millis when the next may come due (null: none is
-- known).
CREATE OR REPLACE FUNCTION ${schema}.lend(
  p_name text, p_max integer, p_token bigint, p_lease_millis bigint,
  OUT p_group integer, OUT seqs bigint[], OUT attempts integer[], OUT deaths text[], OUT more boolean,
  OUT wait_millis bigint
) LANGUAGE plpgsql VOLATILE
SET search_path = ${schema}, pg_temp SET lock_timeout = '5s' SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
SET enable_hashjoin = off SET enable_mergejoin = off AS
$$
DECLARE
  v_now timestamptz := now();
  v_until timestamptz := v_now + p_lease_millis * interval '1 millisecond';
  v_seqs bigint[];
  v_attempts integer[];
  v_deaths text[];
  v_scan integer;
  v_run ready;
  v_upto bigint;
  v_runs bigint[]; -- those that are looked at, by their last number
  v_from bigint[];
  v_to bigint[];
  v_run_attempts integer[];
  v_run_deaths jsonb[];
  v_keyed boolean;
  v_found integer;
  v_next bigint[];
  v_next_keys text[];
  v_next_attempts integer[];
  v_next_deaths jsonb[];
  v_passed integer;
  v_stop bigint; -- the first number that stays
  v_keys text[];
  v_settling text[];
  v_waiting boolean := false;
BEGIN
  seqs := '{}';
  attempts := '{}';
  deaths := '{}';
  more := false;
  SELECT id INTO p_group FROM consumer_group WHERE name = p_name;
  IF p_group IS NULL THEN
    RETURN;
  END IF;
  -- a lease that a crash of the server forgets is lent once more, which is what a crash may do; no need to wait for the disk
  PERFORM set_config('synchronous_commit', 'off', true);
  PERFORM take_turns(p_group);

  IF EXISTS (SELECT FROM held WHERE group_id = p_group AND due <= v_now) THEN
    WITH due_again AS MATERIALIZED (
      SELECT h.seq FROM held h WHERE h.group_id = p_group AND h.due <= v_now
      ORDER BY h.due, h.seq LIMIT p_max FOR UPDATE SKIP LOCKED),
    lent AS (
      UPDATE held h SET due = v_until, token = p_token, attempt = h.attempt + (h.token IS NOT NULL)::integer
      WHERE h.group_id = p_group AND h.seq = ANY (ARRAY(SELECT d.seq FROM due_again d))
      RETURNING h.seq, h.attempt, h.deaths)
    SELECT array_agg(l.seq), array_agg(l.attempt), array_agg(l.deaths::text) INTO v_seqs, v_attempts, v_deaths FROM lent l;
    seqs := coalesce(v_seqs, '{}');
    attempts := coalesce(v_attempts, '{}');
    deaths := coalesce(v_deaths, '{}');
  END IF;

  v_scan := p_max - cardinality(seqs);
  FOR round IN 1..8 LOOP
    EXIT WHEN cardinality(seqs) >= p_max;
    -- Those are looked at, and no others: what is committed from here on may be of a key that is not asked about below.
    v_runs := '{}';
    v_from := '{}';
    v_to := '{}';
    v_run_attempts := '{}';
    v_run_deaths := '{}';
    v_keyed := false;
    v_found := 0;
    FOR v_run IN SELECT * FROM ready r WHERE r.group_id = p_group ORDER BY r.last LOOP
      v_upto := least(v_run.last, v_run.next + v_scan - v_found - 1);
      v_runs := v_runs || v_run.last;
      v_from := v_from || v_run.next;
      v_to := v_to || v_upto;
      v_run_attempts := v_run_attempts || v_run.attempt;
      v_run_deaths := array_append(v_run_deaths, v_run.deaths);
      v_keyed := v_keyed OR v_run.keyed;
      v_found := v_found + (v_upto - v_run.next + 1)::integer;
      EXIT WHEN v_found >= v_scan;
    END LOOP;
    EXIT WHEN v_found = 0;
    v_stop := v_upto + 1;
    v_settling := NULL;
    IF NOT v_keyed THEN
      WITH lent AS (
        INSERT INTO held (group_id, seq, due, token, attempt, deaths)
        SELECT p_group, s.seq, v_until, p_token, r.attempt, r.deaths
        FROM unnest(v_from, v_to, v_run_attempts, v_run_deaths) AS r (next, upto, attempt, deaths)
          CROSS JOIN LATERAL generate_series(r.next, r.upto) AS s (seq)
        RETURNING held.seq, held.attempt, held.deaths)
      SELECT array_agg(l.seq), array_agg(l.attempt), array_agg(l.deaths::text), count(*)
        INTO v_seqs, v_attempts, v_deaths, v_passed FROM lent l;
    ELSE
      SELECT array_agg(m.seq), array_agg(m.ordering_key), array_agg(r.attempt), array_agg(r.deaths),
          array_agg(DISTINCT m.ordering_key) FILTER (WHERE m.ordering_key IS NOT NULL)
        INTO v_next, v_next_keys, v_next_attempts, v_next_deaths, v_keys
        FROM unnest(v_from, v_to, v_run_attempts, v_run_deaths) AS r (next, upto, attempt, deaths)
          CROSS JOIN LATERAL generate_series(r.next, r.upto) AS s (seq) JOIN message m ON m.seq = s.seq;
      -- Blocking a message behind one that is just being settled would leave it blocked for ever: whoever settles that
      -- one looks for the next of its key after it was deleted, so its row is locked until this commits. Where it
      -- is locked already, the messages of that key have to wait for the next time.
      WITH lanes AS (
        SELECT h.ordering_key FROM held h
        WHERE h.group_id = p_group AND h.ordering_key = ANY (v_keys) AND h.token IS NOT NULL),
      locked AS MATERIALIZED (
        SELECT h.ordering_key FROM held h
        WHERE h.group_id = p_group AND h.ordering_key = ANY (v_keys) AND h.token IS NOT NULL
        FOR KEY SHARE SKIP LOCKED)
      SELECT array_agg(l.ordering_key) INTO v_settling
      FROM lanes l WHERE NOT EXISTS (SELECT FROM locked k WHERE k.ordering_key = l.ordering_key);
      v_waiting := v_waiting OR v_settling IS NOT NULL;
      WITH next AS MATERIALIZED (
        SELECT n.seq, n.ordering_key, n.attempt, n.deaths
        FROM unnest(v_next, v_next_keys, v_next_attempts, v_next_deaths) AS n (seq, ordering_key, attempt, deaths)),
      judged AS MATERIALIZED (
        SELECT n.seq, n.ordering_key, n.attempt, n.deaths,
          n.ordering_key IS NOT NULL AND (
            row_number() OVER (PARTITION BY n.ordering_key ORDER BY n.seq) > 1
            OR EXISTS (SELECT FROM held h WHERE h.group_id = p_group AND h.ordering_key = n.ordering_key)) AS blocked
        FROM next n WHERE v_settling IS NULL OR n.ordering_key IS NULL OR NOT n.ordering_key = ANY (v_settling)),
      chosen AS MATERIALIZED (
        SELECT j.*, j.lending <= p_max - cardinality(seqs) AS taken FROM (
          SELECT *, sum((NOT judged.blocked)::integer) OVER (ORDER BY judged.seq) AS lending FROM judged) j),
      kept AS (
        INSERT INTO held (group_id, seq, due, token, attempt, ordering_key, deaths)
        SELECT p_group, c.seq, CASE WHEN c.blocked THEN NULL ELSE v_until END,
          CASE WHEN c.blocked THEN NULL ELSE p_token END, c.attempt, c.ordering_key, c.deaths
        FROM chosen c WHERE c.taken
        RETURNING held.seq, held.token, held.attempt, held.deaths)
      SELECT array_agg(k.seq) FILTER (WHERE k.token IS NOT NULL), array_agg(k.attempt) FILTER (WHERE k.token IS NOT NULL),
        array_agg(k.deaths::text) FILTER (WHERE k.token IS NOT NULL), count(*),
        coalesce((SELECT min(c.seq) FROM chosen c WHERE NOT c.taken), v_stop)
        INTO v_seqs, v_attempts, v_deaths, v_passed, v_stop FROM kept k;
      EXIT WHEN v_passed = 0 AND v_settling IS NOT NULL;
    END IF;
    DELETE FROM ready r WHERE r.group_id = p_group AND r.last = ANY (v_runs) AND r.last < v_stop;
    UPDATE ready r SET next = v_stop
      WHERE r.group_id = p_group AND r.last = ANY (v_runs) AND r.last >= v_stop AND r.next < v_stop;
    IF v_settling IS NOT NULL THEN
      INSERT INTO ready (group_id, next, last, keyed, attempt, deaths)
      SELECT p_group, n.seq, n.seq, true, n.attempt, n.deaths
      FROM unnest(v_next, v_next_keys, v_next_attempts, v_next_deaths) AS n (seq, ordering_key, attempt, deaths)
      WHERE n.ordering_key = ANY (v_settling) AND n.seq < v_stop;
    END IF;
    seqs := seqs || coalesce(v_seqs, '{}');
    attempts := attempts || coalesce(v_attempts, '{}');
    deaths := deaths || coalesce(v_deaths, '{}');
    EXIT WHEN v_found < v_scan OR v_passed = 0;
    v_scan := greatest(512, p_max - cardinality(seqs));
    more := round = 8;
  END LOOP;

  IF array_remove(deaths, NULL) = '{}' THEN
    deaths := NULL;
  END IF;
  IF cardinality(seqs) < p_max THEN
    more := more OR v_waiting;
    SELECT greatest(0, extract(epoch FROM greatest(min(h.due), v_now) - v_now) * 1000)::bigint INTO wait_millis
      FROM held h WHERE h.group_id = p_group AND h.due IS NOT NULL;
  ELSE
    more := true;
  END IF;
END
$$;

-- What the messages are that were lent.
CREATE OR REPLACE FUNCTION ${schema}.read_messages(p_seqs bigint[]) RETURNS SETOF ${schema}.message LANGUAGE plpgsql STABLE
SET search_path = ${schema}, pg_temp SET jit = off SET enable_seqscan = off AS
$$
BEGIN
  RETURN QUERY SELECT m.* FROM message m WHERE m.seq = ANY (p_seqs);
END
$$;
