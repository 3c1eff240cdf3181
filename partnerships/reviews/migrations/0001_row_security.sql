INSERT INTO tandem.follows_partnership VALUES ('reviews_review');
CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id ON reviews_review
    FOR EACH ROW EXECUTE FUNCTION tandem.child_acl();
ALTER TABLE reviews_review ENABLE ROW LEVEL SECURITY;
ALTER TABLE reviews_review FORCE ROW LEVEL SECURITY;
ALTER TABLE reviews_answerset ENABLE ROW LEVEL SECURITY;
ALTER TABLE reviews_answerset FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON reviews_review TO tandem_definer USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (acl) ON reviews_review TO tandem_definer;
CREATE POLICY definer_counts ON reviews_answerset FOR SELECT TO tandem_definer USING (true);
GRANT SELECT ON reviews_answerset TO tandem_definer;

-- A review is the members': a personal grant opens none.
CREATE POLICY those_with_a_key ON reviews_review FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]);
CREATE POLICY of_organisations ON reviews_review AS RESTRICTIVE FOR SELECT TO tandem_web
    USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL);
CREATE POLICY member_opens ON reviews_review FOR INSERT TO tandem_web
    WITH CHECK (author_organisation_id = tandem.organisation() AND author_id = tandem.person()
                AND closed_at IS NULL
                AND EXISTS (SELECT 1 FROM record_partnership p
                            WHERE p.id = partnership_id AND p.closed_at IS NULL));
CREATE POLICY member_closes ON reviews_review FOR UPDATE TO tandem_web
    USING (tandem.organisation() IS NOT NULL
           AND acl && nullif(current_setting('app.keys', true), '')::bigint[])
    WITH CHECK (closed_at IS NOT NULL AND closed_by_id = tandem.person());
GRANT SELECT, INSERT, UPDATE (closed_at, closed_by_id) ON reviews_review TO tandem_web;

-- What a person answered, nobody else reads. They write it in their own name, for a member and on
-- its side, while the review is open.
CREATE FUNCTION tandem.may_answer_review(p_review bigint, p_partnership bigint, p_side text)
    RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.reviews_review r
        JOIN public.record_member m ON m.partnership_id = r.partnership_id
        JOIN public.record_partnership p ON p.id = r.partnership_id
        WHERE r.id = p_review AND r.partnership_id = p_partnership AND p.closed_at IS NULL
          AND r.closed_at IS NULL
          AND r.closes_on >= (now() AT TIME ZONE 'Europe/London')::date
          AND m.organisation_id = tandem.organisation() AND m.state = 'accepted' AND m.side = p_side)
$$;
CREATE POLICY its_person_reads ON reviews_answerset FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation() AND user_id = tandem.person());
CREATE POLICY its_person_answers ON reviews_answerset FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND user_id = tandem.person()
                AND tandem.may_answer_review(review_id, partnership_id, side));
CREATE POLICY its_person_answers_again ON reviews_answerset FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation() AND user_id = tandem.person())
    WITH CHECK (organisation_id = tandem.organisation() AND user_id = tandem.person()
                AND tandem.may_answer_review(review_id, partnership_id, side));
GRANT SELECT, INSERT, UPDATE (answers, answered_at) ON reviews_answerset TO tandem_web;
CREATE TRIGGER kept BEFORE DELETE OR UPDATE OF review_id, partnership_id, organisation_id, side, user_id
    ON reviews_answerset FOR EACH ROW EXECUTE FUNCTION tandem.kept_as_it_was();

-- How many have answered on each side, for the members of the partnership.
CREATE FUNCTION tandem.review_turnout(p_reviews bigint[])
    RETURNS TABLE (review bigint, side text, people bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.review_id, a.side::text, count(*)
    FROM public.reviews_answerset a
    JOIN public.reviews_review r ON r.id = a.review_id
    WHERE r.id = ANY (p_reviews) AND tandem.organisation() = ANY (r.acl)
    GROUP BY a.review_id, a.side
$$;
-- Whether anybody of the acting organisation has answered.
CREATE FUNCTION tandem.we_answered_review(p_review bigint)
    RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM public.reviews_answerset a
                   WHERE a.review_id = p_review AND a.organisation_id = tandem.organisation())
$$;
-- Averages by question, once a review is closed and both sides have answered. Until then it can be
-- answered anew, and what changed between two looks would tell what one person answered.
-- A side is broken out only where three or more of EACH side answered the question with a number:
-- beside what all answered together, one side's average would tell the other's.
CREATE FUNCTION tandem.review_results(p_reviews bigint[])
    RETURNS TABLE (review bigint, question text, schools numeric, health numeric, together numeric,
                   apart boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH seen AS (
        SELECT r.id FROM public.reviews_review r
        WHERE r.id = ANY (p_reviews) AND tandem.organisation() = ANY (r.acl)
          AND (r.closed_at IS NOT NULL OR r.closes_on < (now() AT TIME ZONE 'Europe/London')::date)
          AND 2 = (SELECT count(DISTINCT a.side) FROM public.reviews_answerset a
                   WHERE a.review_id = r.id)
    ), given AS (
        SELECT a.review_id, e.key AS question, a.side, e.value::int AS step
        FROM public.reviews_answerset a
        JOIN seen ON seen.id = a.review_id
        CROSS JOIN LATERAL jsonb_each_text(
            CASE WHEN jsonb_typeof(a.answers) = 'object' THEN a.answers ELSE '{}' END) e
        WHERE e.value IN ('1', '2', '3', '4')
    ), counted AS (
        SELECT g.review_id, g.question, count(*) AS people, avg(g.step) AS together,
               max(g.step) - min(g.step) >= 2 AS spread,
               avg(g.step) FILTER (WHERE g.side = 'school') AS schools,
               avg(g.step) FILTER (WHERE g.side = 'health') AS health,
               count(*) FILTER (WHERE g.side = 'school') >= 3
                   AND count(*) FILTER (WHERE g.side = 'health') >= 3 AS each_side
        FROM given g GROUP BY g.review_id, g.question
    )
    SELECT c.review_id, c.question,
           CASE WHEN c.each_side THEN round(c.schools, 1) END,
           CASE WHEN c.each_side THEN round(c.health, 1) END,
           round(c.together, 1),
           c.spread OR (c.each_side AND abs(c.schools - c.health) >= 1)
    FROM counted c WHERE c.people >= 3
$$;
-- Through which of their organisations a person sees the review behind a neutral link.
CREATE FUNCTION tandem.ways_to_review(p_user bigint, p_ref text)
    RETURNS TABLE (slug text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.slug::text
    FROM public.reviews_review r
    JOIN public.organisations_membership m ON m.organisation_id = ANY (r.acl)
    JOIN public.organisations_organisation o ON o.id = m.organisation_id
    WHERE r.ref = p_ref AND m.user_id = p_user AND p_user = tandem.person() AND m.ended_at IS NULL
      AND o.joined_at IS NOT NULL AND o.suspended_at IS NULL
    ORDER BY o.name
$$;
ALTER FUNCTION tandem.review_turnout(bigint[]) OWNER TO tandem_definer;
ALTER FUNCTION tandem.we_answered_review(bigint) OWNER TO tandem_definer;
ALTER FUNCTION tandem.review_results(bigint[]) OWNER TO tandem_definer;
ALTER FUNCTION tandem.ways_to_review(bigint, text) OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.review_turnout(bigint[]), tandem.we_answered_review(bigint),
    tandem.review_results(bigint[]), tandem.ways_to_review(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.review_turnout(bigint[]), tandem.we_answered_review(bigint),
    tandem.review_results(bigint[]), tandem.ways_to_review(bigint, text) TO tandem_web;
RESET ROLE;

-- Before its last day, a review is closed only once both sides have answered; and it stays closed.
CREATE FUNCTION tandem.review_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'a review that is closed stays closed';
    END IF;
    IF 2 > (SELECT count(*) FROM tandem.review_turnout(ARRAY[NEW.id])) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a review is closed once both sides have answered';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closing BEFORE UPDATE OF closed_at, closed_by_id ON reviews_review
    FOR EACH ROW EXECUTE FUNCTION tandem.review_closing();

-- Members see the e-mails about a review they share, and may withdraw them with it.
CREATE POLICY of_a_shared_review ON organisations_delivery FOR SELECT TO tandem_web
    USING (kind LIKE 'review\_%'
           AND EXISTS (SELECT 1 FROM reviews_review r WHERE r.ref = subject));
CREATE POLICY withdraw_of_a_shared_review ON organisations_delivery FOR UPDATE TO tandem_web
    USING (kind LIKE 'review\_%'
           AND EXISTS (SELECT 1 FROM reviews_review r WHERE r.ref = subject))
    WITH CHECK (state = 'cancelled');
