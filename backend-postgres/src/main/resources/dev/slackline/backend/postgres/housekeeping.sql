-- Removing what is no longer needed.

-- Removes, a little at a time, what is no longer needed: what dropped groups left, and messages
-- from p_from on that no group needs. Returns the number to go on from, or null at the end of the messages.
CREATE OR REPLACE FUNCTION ${schema}.sweep(p_from bigint, p_limit integer)
RETURNS bigint LANGUAGE plpgsql VOLATILE
SET search_path = ${schema}, pg_temp SET jit = off SET enable_seqscan = off AS
$$
DECLARE
  v_group integer;
  v_table text;
  v_seqs bigint[];
  v_last bigint;
BEGIN
  IF NOT pg_try_advisory_xact_lock('${schema}.held'::regclass::oid::bigint << 32) THEN
    RETURN NULL; -- somebody else is at it
  END IF;
  PERFORM set_config('synchronous_commit', 'off', true);
  FOREACH v_table IN ARRAY ARRAY['ready', 'held', 'dead'] LOOP
    EXECUTE format($q$
      WITH RECURSIVE used AS (
        SELECT min(group_id) AS id FROM %1$I
        UNION ALL SELECT (SELECT min(t.group_id) FROM %1$I t WHERE t.group_id > u.id) FROM used u WHERE u.id IS NOT NULL)
      SELECT u.id FROM used u
      WHERE u.id IS NOT NULL AND NOT EXISTS (SELECT FROM consumer_group g WHERE g.id = u.id) LIMIT 1
      $q$, v_table) INTO v_group;
    IF v_group IS NOT NULL THEN
      EXECUTE format('DELETE FROM %1$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I WHERE group_id = $1 LIMIT $2))', v_table)
        USING v_group, p_limit;
    END IF;
  END LOOP;
  DELETE FROM restored WHERE ctid = ANY (ARRAY(
    SELECT t.ctid FROM restored t
    WHERE NOT is_ready(t.group_id, t.seq)
      AND NOT EXISTS (SELECT FROM held h WHERE h.group_id = t.group_id AND h.seq = t.seq) LIMIT p_limit));
  DELETE FROM member m WHERE NOT EXISTS (SELECT FROM consumer_group g WHERE g.id = m.group_id);
  SELECT max(m.seq), array_agg(m.seq) FILTER (WHERE NOT EXISTS (
      SELECT FROM consumer_group g
      WHERE (SELECT r.next <= m.seq FROM ready r WHERE r.group_id = g.id AND r.last >= m.seq ORDER BY r.last LIMIT 1)
        OR EXISTS (SELECT FROM held h WHERE h.group_id = g.id AND h.seq = m.seq)))
    INTO v_last, v_seqs FROM (SELECT x.seq FROM message x WHERE x.seq >= p_from ORDER BY x.seq LIMIT p_limit) m;
  IF v_seqs IS NOT NULL THEN
    PERFORM remove_unneeded(v_seqs);
  END IF;
  RETURN v_last + 1;
END
$$;

-- Forgets ids beyond the window among the next p_limit after p_after: an index by time would cost every publish more than
-- going round costs now and then. Returns the last that was looked at, null at the end, and how many were forgotten.
CREATE OR REPLACE FUNCTION ${schema}.forget(
  p_after text, p_limit integer, p_window_millis bigint, OUT last_id text, OUT forgotten integer
) LANGUAGE plpgsql VOLATILE
SET search_path = ${schema}, pg_temp SET jit = off SET enable_seqscan = off AS
$$
DECLARE
  v_forgotten timestamptz := now() - p_window_millis * interval '1 millisecond';
  v_ids text[];
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  SELECT max(n.id), array_agg(n.id) FILTER (WHERE n.at <= v_forgotten) INTO last_id, v_ids
    FROM (SELECT s.id, s.at FROM seen s WHERE s.id > p_after COLLATE "C" ORDER BY s.id LIMIT p_limit) n;
  DELETE FROM seen WHERE id = ANY (v_ids) AND at <= v_forgotten;
  GET DIAGNOSTICS forgotten = ROW_COUNT;
END
$$;
