INSERT INTO tandem.follows_partnership VALUES ('measures_measure'), ('measures_publishedreading');
INSERT INTO tandem.follows_initiative VALUES ('measures_measure'), ('measures_publishedreading');

-- Of which measure the publisher reads the raw numbers in this transaction, for the organisation that it
-- acts for. Nothing else sets it.
CREATE FUNCTION tandem.publishing_measure() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.publishing_measure', true), '')::bigint $$;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['measure', 'publishedreading', 'reading', 'readingopening',
                             'readingpublication'] LOOP
        EXECUTE format('ALTER TABLE measures_%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE measures_%I FORCE ROW LEVEL SECURITY', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['measures_measure', 'measures_publishedreading'] LOOP
        EXECUTE format('CREATE TRIGGER acl BEFORE INSERT OR UPDATE OF acl, partnership_id, initiative_id ON %I
            FOR EACH ROW EXECUTE FUNCTION tandem.initiative_child_acl()', t);
        EXECUTE format('CREATE POLICY definer ON %I TO tandem_definer USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, UPDATE (acl) ON %I TO tandem_definer', t);
        -- A person's own key opens only while their personal grant lives.
        EXECUTE format($p$CREATE POLICY while_granted ON %I AS RESTRICTIVE FOR SELECT TO tandem_web
            USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
                   OR tandem.is_granted(partnership_id, false)
                   OR tandem.is_granted_initiative(initiative_id))$p$, t);
    END LOOP;
END $$;

-- ---------------------------------------------------------------- measures
CREATE POLICY those_with_a_key ON measures_measure FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]);
-- Any member adds one, in its own name; who adds it owns it.
CREATE POLICY member_adds ON measures_measure FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND owner_id = tandem.person() AND revision = 1
                AND withdrawn_at IS NULL
                AND EXISTS (SELECT 1 FROM plans_initiative i
                            WHERE i.id = initiative_id AND i.withdrawn_at IS NULL
                              AND i.partnership_id = measures_measure.partnership_id));
-- Its organisation changes it; whoever owns it works there.
CREATE POLICY organisation_changes ON measures_measure FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation() AND withdrawn_at IS NULL)
    WITH CHECK (organisation_id = tandem.organisation()
                AND EXISTS (SELECT 1 FROM organisations_membership m
                            WHERE m.organisation_id = tandem.organisation() AND m.user_id = owner_id
                              AND (m.ended_at IS NULL OR withdrawn_at IS NOT NULL)));
GRANT SELECT, INSERT, UPDATE (owner_id, name, direction, level, numerator, denominator, target, source,
    quality_note, revision, periods_read, read_until, withdrawn_at, withdrawn_by_id) ON measures_measure TO tandem_web;

-- ---------------------------------------------------------------- openings
CREATE POLICY own ON measures_readingopening FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation());
CREATE POLICY manager_opens ON measures_readingopening FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND opened_by_id = tandem.person()
                AND tandem.is_manager_of(tandem.organisation())
                AND EXISTS (SELECT 1 FROM measures_measure m
                            WHERE m.id = measure_id AND m.organisation_id = tandem.organisation()));
GRANT SELECT, INSERT ON measures_readingopening TO tandem_web;

-- ---------------------------------------------------------------- raw readings
-- The organisation's own alone: the measure's owner, a manager while an opening lasts, the publisher.
CREATE POLICY owner_reads ON measures_reading FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation()
           AND (measure_id = tandem.publishing_measure()
                OR EXISTS (SELECT 1 FROM measures_measure m
                           WHERE m.id = measure_id AND m.owner_id = tandem.person())
                OR EXISTS (SELECT 1 FROM measures_readingopening o
                           WHERE o.measure_id = measures_reading.measure_id
                             AND o.opened_by_id = tandem.person() AND o.ends_at > now())));
CREATE POLICY owner_records ON measures_reading FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND recorded_by_id = tandem.person()
                AND superseded_at IS NULL
                AND EXISTS (SELECT 1 FROM measures_measure m
                            WHERE m.id = measure_id AND m.owner_id = tandem.person()
                              AND m.organisation_id = tandem.organisation() AND m.withdrawn_at IS NULL));
CREATE POLICY owner_supersedes ON measures_reading FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation() AND superseded_at IS NULL
           AND EXISTS (SELECT 1 FROM measures_measure m
                       WHERE m.id = measure_id AND m.owner_id = tandem.person()))
    WITH CHECK (superseded_at IS NOT NULL);
GRANT SELECT, INSERT, UPDATE (superseded_at) ON measures_reading TO tandem_web;

-- ---------------------------------------------------------------- what is told of them
-- Members alone: the agreement does not cover somebody who was asked by name.
CREATE POLICY own_or_shared ON measures_publishedreading FOR SELECT TO tandem_web
    USING (acl && nullif(current_setting('app.keys', true), '')::bigint[]
           AND (organisation_id = tandem.organisation()
                OR (tandem.organisation() IS NOT NULL AND tandem.shares_data(partnership_id))));
CREATE POLICY publisher_writes ON measures_publishedreading FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND measure_id = tandem.publishing_measure()
                AND EXISTS (SELECT 1 FROM measures_measure m
                            WHERE m.id = measure_id AND m.initiative_id = measures_publishedreading.initiative_id
                              AND m.partnership_id = measures_publishedreading.partnership_id
                              AND m.owner_id = tandem.person()));
CREATE POLICY publisher_replaces ON measures_publishedreading FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation() AND measure_id = tandem.publishing_measure());
GRANT SELECT, INSERT, UPDATE (number_status, number, base_status, base, value, published_at)
    ON measures_publishedreading TO tandem_web;
CREATE POLICY publisher_remembers ON measures_readingpublication FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation() AND measure_id = tandem.publishing_measure());
CREATE POLICY publisher_adds ON measures_readingpublication FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND measure_id = tandem.publishing_measure());
GRANT SELECT, INSERT ON measures_readingpublication TO tandem_web;
