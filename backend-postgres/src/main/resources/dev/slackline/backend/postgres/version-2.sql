-- From version 1 to version 2: rows of ready become runs of one message each, a publish takes a block of numbers at a time.
-- Processes of the version before go on with the functions of this one, which are called as before. Run as one
-- transaction, before the functions.

SET LOCAL lock_timeout = '5s'; -- whoever waits holds up all others: better try again
LOCK TABLE ${schema}.message, ${schema}.ready, ${schema}.held IN ACCESS EXCLUSIVE MODE;
ALTER TABLE ${schema}.message ALTER COLUMN seq SET INCREMENT BY 1024;
ALTER TABLE ${schema}.ready RENAME COLUMN seq TO last;
ALTER TABLE ${schema}.ready ADD COLUMN next bigint, ADD COLUMN keyed boolean;
UPDATE ${schema}.ready SET next = last, keyed = ordering_key IS NOT NULL;
ALTER TABLE ${schema}.ready ALTER COLUMN next SET NOT NULL, ALTER COLUMN keyed SET NOT NULL, DROP COLUMN ordering_key;
ALTER TABLE ${schema}.ready SET (fillfactor = 70);
UPDATE ${schema}.slackline SET version = 2;
