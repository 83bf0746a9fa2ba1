-- What becomes of what was lent.

-- After messages were settled for good: lets the next of each ordering key through, and removes what nobody needs.
CREATE OR REPLACE FUNCTION ${schema}.settled(p_seqs bigint[], p_groups integer[], p_keys text[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS
$$
BEGIN
  FOR i IN 1..coalesce(cardinality(p_keys), 0) LOOP
    UPDATE held h SET due = '-infinity'
    WHERE h.group_id = p_groups[i] AND h.due IS NULL AND h.seq = (
      SELECT min(x.seq) FROM held x WHERE x.group_id = p_groups[i] AND x.ordering_key = p_keys[i]);
  END LOOP;
  IF (SELECT count(*) FROM consumer_group) = 1 THEN
    DELETE FROM message WHERE seq = ANY (p_seqs);
  ELSE
    PERFORM remove_unneeded(p_seqs);
  END IF;
END
$$;

-- Whether a message waits in a run of the group: then it is in the first that does not end before it.
CREATE OR REPLACE FUNCTION ${schema}.is_ready(p_group integer, p_seq bigint) RETURNS boolean LANGUAGE sql STABLE AS
$$
SELECT coalesce(
  (SELECT r.next <= p_seq FROM ${schema}.ready r WHERE r.group_id = p_group AND r.last >= p_seq ORDER BY r.last LIMIT 1),
  false)
$$;

-- Two groups that settle the last two deliveries of a message at the same time do not see each other's; so the message is
-- locked first, and the question is asked by another statement.
CREATE OR REPLACE FUNCTION ${schema}.remove_unneeded(p_seqs bigint[]) RETURNS void LANGUAGE plpgsql VOLATILE AS
$$
BEGIN
  PERFORM FROM message WHERE seq = ANY (p_seqs) ORDER BY seq FOR UPDATE;
  DELETE FROM message m WHERE m.seq = ANY (p_seqs) AND NOT EXISTS (
    SELECT FROM consumer_group g
    WHERE (SELECT r.next <= m.seq FROM ready r WHERE r.group_id = g.id AND r.last >= m.seq ORDER BY r.last LIMIT 1) -- is_ready, without a call
      OR EXISTS (SELECT FROM held h WHERE h.group_id = g.id AND h.seq = m.seq));
END
$$;

-- Acknowledges. Returns the places, from 1, of those whose lease was still held.
CREATE OR REPLACE FUNCTION ${schema}.ack(p_groups integer[], p_seqs bigint[], p_tokens bigint[]) RETURNS integer[]
LANGUAGE plpgsql VOLATILE
SET search_path = ${schema}, pg_temp SET lock_timeout = '5s' SET jit = off
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS
$$
DECLARE
  v_places integer[] := '{}';
  v_seqs bigint[] := '{}';
  v_groups integer[] := '{}';
  v_keys text[] := '{}';
  v_key text;
BEGIN
  FOR i IN 1..cardinality(p_seqs) LOOP
    DELETE FROM held h WHERE h.group_id = p_groups[i] AND h.seq = p_seqs[i] AND h.token = p_tokens[i]
      RETURNING h.ordering_key INTO v_key;
    IF FOUND THEN
      v_places := v_places || i;
      v_seqs := v_seqs || p_seqs[i];
      IF v_key IS NOT NULL THEN
        v_groups := v_groups || p_groups[i];
        v_keys := v_keys || v_key;
      END IF;
    END IF;
  END LOOP;
  IF v_seqs <> '{}' THEN
    PERFORM settled(v_seqs, v_groups, v_keys);
  END IF;
  RETURN v_places;
END
$$;

-- Makes dead letters. Returns as ack.
CREATE OR REPLACE FUNCTION ${schema}.bury(
  p_groups integer[], p_seqs bigint[], p_tokens bigint[], p_reasons text[]
) RETURNS integer[] LANGUAGE plpgsql VOLATILE
SET search_path = ${schema}, pg_temp SET lock_timeout = '5s' SET jit = off
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS
$$
DECLARE
  v_at bigint := (extract(epoch FROM now()) * 1000)::bigint;
  v_places integer[] := '{}';
  v_seqs bigint[] := '{}';
  v_groups integer[] := '{}';
  v_keys text[] := '{}';
  v_gone held;
BEGIN
  FOR i IN 1..cardinality(p_seqs) LOOP
    DELETE FROM held h WHERE h.group_id = p_groups[i] AND h.seq = p_seqs[i] AND h.token = p_tokens[i]
      RETURNING h.* INTO v_gone;
    IF FOUND THEN
      INSERT INTO dead (group_id, seq, published_at, id, key, ordering_key, headers, payload, deaths)
      SELECT v_gone.group_id, m.seq, m.published_at, m.id, m.key, m.ordering_key, m.headers, m.payload,
        coalesce(v_gone.deaths, '[]')
          || jsonb_build_object('at', v_at, 'attempts', v_gone.attempt, 'reason', p_reasons[i])
      FROM message m WHERE m.seq = v_gone.seq;
      v_places := v_places || i;
      v_seqs := v_seqs || v_gone.seq;
      IF v_gone.ordering_key IS NOT NULL THEN
        v_groups := v_groups || v_gone.group_id;
        v_keys := v_keys || v_gone.ordering_key;
      END IF;
    END IF;
  END LOOP;
  IF v_seqs <> '{}' THEN
    PERFORM settled(v_seqs, v_groups, v_keys);
  END IF;
  RETURN v_places;
END
$$;

-- Gives back: after p_delays milliseconds, as one more attempt where p_failed says so. Returns as ack.
CREATE OR REPLACE FUNCTION ${schema}.give_back(
  p_groups integer[], p_seqs bigint[], p_tokens bigint[], p_delays bigint[], p_failed boolean[]
) RETURNS integer[] LANGUAGE plpgsql VOLATILE
SET search_path = ${schema}, pg_temp SET lock_timeout = '5s' SET jit = off SET enable_seqscan = off AS
$$
DECLARE
  v_places integer[] := '{}';
BEGIN
  FOR i IN 1..cardinality(p_seqs) LOOP
    UPDATE held h SET token = NULL, attempt = h.attempt + p_failed[i]::integer,
      due = CASE WHEN p_delays[i] = 0 THEN '-infinity' ELSE now() + p_delays[i] * interval '1 millisecond' END
    WHERE h.group_id = p_groups[i] AND h.seq = p_seqs[i] AND h.token = p_tokens[i];
    IF FOUND THEN
      v_places := v_places || i;
    END IF;
  END LOOP;
  RETURN v_places;
END
$$;

-- Starts leases anew. Returns as ack.
CREATE OR REPLACE FUNCTION ${schema}.renew(
  p_groups integer[], p_seqs bigint[], p_tokens bigint[], p_lease_millis bigint
) RETURNS integer[] LANGUAGE plpgsql VOLATILE
SET search_path = ${schema}, pg_temp SET lock_timeout = '5s' SET jit = off SET enable_seqscan = off AS
$$
DECLARE
  v_places integer[] := '{}';
BEGIN
  FOR i IN 1..cardinality(p_seqs) LOOP
    UPDATE held h SET due = now() + p_lease_millis * interval '1 millisecond'
    WHERE h.group_id = p_groups[i] AND h.seq = p_seqs[i] AND h.token = p_tokens[i];
    IF FOUND THEN
      v_places := v_places || i;
    END IF;
  END LOOP;
  RETURN v_places;
END
$$;
