-- An update without a condition reads nothing, so what may be read does not limit it: an
-- organisation that had left could change what it once said, and a member its answer to what was
-- withdrawn.
DROP POLICY member_answers_again ON diary_quietanswer;
CREATE POLICY member_answers_again ON diary_quietanswer FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation()
           AND EXISTS (SELECT 1 FROM diary_quietperiod q
                       WHERE q.id = period_id AND q.withdrawn_at IS NULL))
    WITH CHECK (organisation_id = tandem.organisation() AND answered_by_id = tandem.person());
