"""The only statements that read `ledger.events`, for `journal.py`."""

HEAD = """
SELECT position,
       recorded_at
  FROM ledger.heads
 WHERE ledger = $1
"""
FEED_PAGE = """
SELECT h.position AS head,
       e.position,
       e.practitioner_id,
       e.version,
       e.leaf,
       e.leaf_hash
  FROM ledger.heads h
  LEFT JOIN LATERAL (
       SELECT position, practitioner_id, version, leaf, leaf_hash
         FROM ledger.events
        WHERE ledger = h.ledger
          AND position > $2
        ORDER BY position
        LIMIT $3
       ) e ON true
 WHERE h.ledger = $1
 ORDER BY e.position
"""
# A version and its position grow together, so the stream up to a position is a prefix of its versions.
STREAM_PAGE = """
WITH known AS (
     SELECT coalesce(max(version), 0) AS version
       FROM ledger.events
      WHERE ledger = $1
        AND practitioner_id = $2
        AND position <= $3
     )
SELECT k.version AS head,
       e.position,
       e.practitioner_id,
       e.version,
       e.leaf,
       e.leaf_hash
  FROM known k
  LEFT JOIN LATERAL (
       SELECT position, practitioner_id, version, leaf, leaf_hash
         FROM ledger.events
        WHERE ledger = $1
          AND practitioner_id = $2
          AND version > $4
          AND version <= k.version
        ORDER BY version
        LIMIT $5
       ) e ON true
 ORDER BY e.version
"""
STREAM = """
SELECT position,
       practitioner_id,
       version,
       leaf,
       leaf_hash
  FROM ledger.events
 WHERE ledger = $1
   AND practitioner_id = $2
   AND position <= $3
 ORDER BY version
"""
# Only whose events they are: a follower reads the whole streams of these people.
TOUCHED = """
SELECT position,
       practitioner_id
  FROM ledger.events
 WHERE ledger = $1
   AND position > $2
 ORDER BY position
 LIMIT $3
"""
# One person after the other: given all of them together, PostgreSQL may choose to read the whole ledger while its
# tables are small, and keeps that plan when they have grown.
STREAMS = """
SELECT e.practitioner_id,
       e.position,
       e.version,
       e.leaf,
       e.leaf_hash
  FROM unnest($2::text[]) AS p (practitioner_id)
 CROSS JOIN LATERAL (
       SELECT practitioner_id, position, version, leaf, leaf_hash
         FROM ledger.events
        WHERE ledger = $1
          AND practitioner_id = p.practitioner_id
          AND position <= $3
        ORDER BY version
       ) e
"""
# By a partial index, one person after the other as above, so the limit ends the reading. A leaf that is not returned is
# not fetched: its row holds its length.
REVISIONS = """
SELECT practitioner_id,
       position,
       version,
       leaf,
       leaf_hash
  FROM (
       SELECT *,
              sum(octet_length(leaf)) OVER (ORDER BY ordinal, version) - octet_length(leaf) AS bytes_before
         FROM (
              SELECT p.ordinal,
                     e.*
                FROM unnest($2::text[], $3::int[]) WITH ORDINALITY AS p (practitioner_id, version, ordinal)
               CROSS JOIN LATERAL (
                     SELECT practitioner_id, position, version, leaf, leaf_hash
                       FROM ledger.events
                      WHERE ledger = $1
                        AND practitioner_id = p.practitioner_id
                        AND version > p.version
                        AND position <= $4
                        AND type IN ('event.corrected', 'event.voided')
                      ORDER BY version
                     ) e
               LIMIT $5
              ) AS first
       ) AS measured
 WHERE bytes_before < $6
 ORDER BY ordinal,
          version
"""
STREAMS_AFTER = """
SELECT practitioner_id,
       position,
       version,
       leaf,
       leaf_hash
  FROM ledger.events
 WHERE ledger = $1
   AND practitioner_id > $2
   AND practitioner_id <> $3
   AND position <= $4
 ORDER BY practitioner_id,
          version
 LIMIT $5
"""
RECORDED_BEHIND = """
SELECT e.ledger,
       e.recorded_at
  FROM unnest($1::text[], $2::bigint[]) AS p (ledger, position)
  JOIN ledger.events e
    ON e.ledger = p.ledger
   AND e.position = p.position + 1
"""
TIP = """
SELECT h.position AS head,
       (SELECT max(version)
          FROM ledger.events
         WHERE ledger = h.ledger
           AND practitioner_id = $2) AS version,
       (SELECT position
          FROM ledger.events
         WHERE ledger = h.ledger
           AND practitioner_id = $3
         ORDER BY version DESC
         LIMIT 1) AS rules_position
  FROM ledger.heads h
 WHERE h.ledger = $1
"""
# Every event is counted: this takes as long as reading an index of all of them.
BROKEN_STREAMS = """
SELECT practitioner_id
  FROM ledger.events
 WHERE ledger = $1
   AND position <= $2
 GROUP BY practitioner_id
HAVING count(*) <> max(version)
 ORDER BY practitioner_id
 LIMIT $3
"""
ROWS_AFTER = """
SELECT position,
       practitioner_id,
       event_id,
       type,
       occurred_on,
       recorded_at,
       leaf,
       leaf_hash
  FROM ledger.events
 WHERE ledger = $1
   AND position > $2
   AND position <= $3
 ORDER BY position
 LIMIT $4
"""
EXTENTS = """
SELECT h.ledger,
       h.position AS head,
       coalesce(e.last, 0) AS last,
       coalesce(e.events, 0) AS events
  FROM ledger.heads h
  LEFT JOIN (
       SELECT ledger,
              max(position) AS last,
              count(*) AS events
         FROM ledger.events
        GROUP BY ledger
       ) e
    ON e.ledger = h.ledger
 ORDER BY h.ledger
"""
EVENTS_BY_ID = """
SELECT event_id,
       type,
       position,
       practitioner_id,
       version,
       leaf,
       leaf_hash
  FROM ledger.events
 WHERE ledger = $1
   AND event_id = ANY($2::uuid[])
"""
VERSIONS = """
SELECT h.position,
       h.recorded_at,
       p.practitioner_id,
       (SELECT coalesce(max(version), 0)
          FROM ledger.events e
         WHERE e.ledger = h.ledger
           AND e.practitioner_id = p.practitioner_id) AS version
  FROM ledger.heads h
  LEFT JOIN unnest($2::text[]) AS p (practitioner_id) ON true
 WHERE h.ledger = $1
"""
# `recorded_at` never decreases with position, so the position is found by bisection: no index of its own to maintain.
POSITION_AT = """
WITH RECURSIVE halving (low, high) AS (
     SELECT 0::bigint,
            position
       FROM ledger.heads
      WHERE ledger = $1
      UNION ALL
     SELECT CASE WHEN e.recorded_at <= $2 THEN e.position ELSE h.low END,
            CASE WHEN e.recorded_at <= $2 THEN h.high ELSE e.position - 1 END
       FROM halving h
       JOIN ledger.events e
         ON e.ledger = $1
        AND e.position = (h.low + h.high + 1) / 2
      WHERE h.low < h.high
     )
SELECT low
  FROM halving
 WHERE low = high
"""
