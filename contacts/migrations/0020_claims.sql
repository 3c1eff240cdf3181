-- A trust's claims are its own; operators see those that were sent, and decide them once.
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['contacts_claim', 'contacts_claimedschool'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY definer ON %I TO tandem_definer
            USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
CREATE POLICY own ON contacts_claim FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation());
CREATE POLICY operator_sees ON contacts_claim FOR SELECT TO tandem_web
    USING (state IN ('sent', 'decided') AND (SELECT tandem.is_operator()));
CREATE POLICY manager_claims ON contacts_claim FOR INSERT TO tandem_web
    WITH CHECK (organisation_id = tandem.organisation() AND asked_by_id = tandem.person()
                AND state = 'draft' AND tandem.is_manager_of(organisation_id));
CREATE POLICY manager_sends ON contacts_claim FOR UPDATE TO tandem_web
    USING (organisation_id = tandem.organisation() AND state IN ('draft', 'sent')
           AND tandem.is_manager_of(organisation_id))
    WITH CHECK (organisation_id = tandem.organisation() AND state IN ('sent', 'withdrawn'));
CREATE POLICY with_its_claim ON contacts_claimedschool FOR SELECT TO tandem_web
    USING (EXISTS (SELECT 1 FROM contacts_claim c WHERE c.id = claim_id));
CREATE POLICY manager_claims ON contacts_claimedschool FOR INSERT TO tandem_web
    WITH CHECK (accepted IS NULL AND EXISTS (
        SELECT 1 FROM contacts_claim c WHERE c.id = claim_id AND c.state = 'draft'
        AND c.organisation_id = tandem.organisation() AND c.asked_by_id = tandem.person()));
GRANT SELECT, INSERT, UPDATE (state, sent_at) ON contacts_claim TO tandem_web;
GRANT SELECT, INSERT ON contacts_claimedschool TO tandem_web;
GRANT SELECT, UPDATE (state, decided_at, decided_by_id) ON contacts_claim TO tandem_definer;
GRANT SELECT, UPDATE (accepted) ON contacts_claimedschool TO tandem_definer;

-- What is accepted shows the school in the trust, as reported; says how many, or nothing where
-- the claim is not there to be decided any more.
CREATE FUNCTION tandem.decide_claim(p_claim bigint, p_accepted bigint[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    trust bigint;
    changed bigint;
BEGIN
    IF NOT tandem.is_operator() THEN
        RAISE insufficient_privilege USING MESSAGE = 'operators decide';
    END IF;
    UPDATE public.contacts_claim c SET state = 'decided', decided_at = now(),
        decided_by_id = tandem.person()
    WHERE c.id = p_claim AND c.state = 'sent' RETURNING c.organisation_id INTO trust;
    IF trust IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE public.contacts_claimedschool x SET accepted = x.school_id = ANY (p_accepted)
    WHERE x.claim_id = p_claim;
    UPDATE public.organisations_school s SET trust_id = trust, trust_basis = 'reported'
    FROM public.contacts_claimedschool x
    WHERE x.claim_id = p_claim AND x.accepted AND s.organisation_id = x.school_id
      AND s.trust_id IS DISTINCT FROM trust;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END $$;
ALTER FUNCTION tandem.decide_claim(bigint, bigint[]) OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.decide_claim(bigint, bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.decide_claim(bigint, bigint[]) TO tandem_web;
RESET ROLE;
