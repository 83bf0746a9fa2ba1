-- Storing messages.

-- Remembers ids, and returns those that were not known, or were forgotten since. Mostly all are new, and a plain insert
-- that may fail costs half of one that looks first; a few are not worth a transaction within the transaction. Called by
-- publish, whose settings hold.
CREATE OR REPLACE FUNCTION ${schema}.remember(p_ids text[], p_window_millis bigint) RETURNS text[]
LANGUAGE plpgsql VOLATILE AS
$$
DECLARE
  v_forgotten timestamptz := now() - p_window_millis * interval '1 millisecond';
  v_new text[];
BEGIN
  IF cardinality(p_ids) >= 8 THEN
    BEGIN
      INSERT INTO seen (id, at) SELECT offered.id, now() FROM unnest(p_ids) AS offered (id) ORDER BY offered.id COLLATE "C";
      RETURN p_ids;
    EXCEPTION WHEN unique_violation THEN
      -- look at each of them
    END;
  END IF;
  WITH remembered AS (
    INSERT INTO seen AS s (id, at)
    SELECT offered.id, now() FROM unnest(p_ids) AS offered (id) ORDER BY offered.id COLLATE "C"
    ON CONFLICT (id) DO UPDATE SET at = excluded.at WHERE s.at <= v_forgotten
    RETURNING s.id)
  SELECT coalesce(array_agg(id), '{}') INTO v_new FROM remembered;
  RETURN v_new;
END
$$;

-- Stores messages once for every group. Returns how many were new, or -1 if no group is declared.
CREATE OR REPLACE FUNCTION ${schema}.publish(
  p_ids text[], p_keys text[], p_ordering_keys text[], p_published_at bigint[], p_headers text[], p_payloads bytea[],
  p_window_millis bigint
) RETURNS integer LANGUAGE plpgsql VOLATILE
SET search_path = ${schema}, pg_temp SET lock_timeout = '5s' SET jit = off SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan AS
$$
DECLARE
  v_new text[] := p_ids;
  v_blocks bigint[];
BEGIN
  IF NOT EXISTS (SELECT FROM consumer_group) THEN
    RETURN -1;
  END IF;
  IF p_window_millis > 0 THEN
    v_new := remember(p_ids, p_window_millis);
  END IF;
  IF cardinality(v_new) = 0 THEN
    RETURN 0;
  END IF;
  IF cardinality(v_new) < cardinality(p_ids) THEN
    SELECT array_agg(o.id ORDER BY o.n), array_agg(o.key ORDER BY o.n), array_agg(o.ordering_key ORDER BY o.n),
        array_agg(o.published_at ORDER BY o.n), array_agg(o.headers ORDER BY o.n), array_agg(o.payload ORDER BY o.n)
      INTO p_ids, p_keys, p_ordering_keys, p_published_at, p_headers, p_payloads
      FROM unnest(p_ids, p_keys, p_ordering_keys, p_published_at, p_headers, p_payloads)
        WITH ORDINALITY AS o (id, key, ordering_key, published_at, headers, payload, n)
      WHERE o.id = ANY (v_new);
  END IF;
  v_blocks := ARRAY(SELECT nextval('message_seq_seq') FROM generate_series(1, cardinality(p_ids), 1024));
  INSERT INTO message (seq, published_at, id, key, ordering_key, headers, payload)
  SELECT v_blocks[1 + (o.n - 1) / 1024] + (o.n - 1) % 1024,
    o.published_at, o.id, o.key, o.ordering_key, o.headers, o.payload
  FROM unnest(p_published_at, p_ids, p_keys, p_ordering_keys, p_headers, p_payloads)
    WITH ORDINALITY AS o (published_at, id, key, ordering_key, headers, payload, n);
  INSERT INTO ready (group_id, next, last, keyed)
  SELECT g.id, b.next, b.next + least(1024, cardinality(p_ids) - 1024 * (b.n - 1)) - 1,
    array_remove(p_ordering_keys, NULL) <> '{}'
  FROM unnest(v_blocks) WITH ORDINALITY AS b (next, n) CROSS JOIN consumer_group g;
  RETURN cardinality(p_ids);
END
$$;
