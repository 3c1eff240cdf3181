-- A person in a role at an organisation that ends has the same role at its successor from that day on:
-- a posting of its own, so that what was before still says where they were. To the operator who
-- prepares it, a posting is a job title, never a name.
GRANT INSERT ON contacts_posting TO tandem_definer;
GRANT UPDATE (host_id) ON contacts_gateway TO tandem_definer;

SET LOCAL ROLE tandem_definer;
CREATE FUNCTION tandem.gather_postings(p_reorganisation bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.organisations_reorganisationrow
        (reorganisation_id, kind, object_id, proposal, successor_id, outcome)
    SELECT p_reorganisation, 'postings', g.id, 'follow', tandem.sole_successor(p_reorganisation), ''
    FROM public.contacts_posting g
    WHERE g.organisation_id = tandem.reorganised(p_reorganisation)
      AND g.ended_on IS NULL AND g.anonymised_at IS NULL
    ON CONFLICT DO NOTHING
$$;
CREATE FUNCTION tandem.describe_postings(p_ids bigint[]) RETURNS TABLE (id bigint, words text, more text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT g.id, g.job_title::text,
           CASE WHEN g.listing = 'listed' THEN 'In a region''s directory' ELSE '' END
    FROM public.contacts_posting g WHERE g.id = ANY (p_ids) AND tandem.is_operator()
$$;
CREATE FUNCTION tandem.reorganise_postings(p_row bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    it record;
    old public.contacts_posting%ROWTYPE;
    made bigint;
BEGIN
    SELECT * INTO it FROM tandem.take_reorganisation_row(p_row, 'postings');
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT g.* INTO old FROM public.contacts_posting g WHERE g.id = it.object_id FOR UPDATE;
    IF NOT it.follows OR old.ended_on IS NOT NULL OR old.anonymised_at IS NOT NULL THEN
        RETURN tandem.settle_reorganisation_row(p_row, 'stayed', NULL);
    END IF;
    UPDATE public.contacts_posting
        SET ended_on = greatest(it.happens_on - 1, old.started_on) WHERE id = old.id;
    INSERT INTO public.contacts_posting (ref, person_id, organisation_id, role_type_id, job_title,
        region_id, place_id, listing, visibility, offered_to_id, started_on, source, lawful_basis,
        checked_at, checked_by, single_seat, disputed_at, bounced_at, recorded_by_id, created_at,
        search_text, acl)
    VALUES (tandem.new_ref(), old.person_id, it.successor_id, old.role_type_id, old.job_title,
        old.region_id, old.place_id, old.listing, old.visibility, old.offered_to_id,
        greatest(it.happens_on, old.started_on), old.source, old.lawful_basis, old.checked_at,
        old.checked_by, old.single_seat, old.disputed_at, old.bounced_at,
        CASE WHEN old.recorded_by_id = it.predecessor_id THEN it.successor_id
             ELSE old.recorded_by_id END, now(), '', '{}')
    RETURNING id INTO made;
    INSERT INTO public.contacts_workdetails (posting_id, email, telephone, bounce_reason, acl)
        SELECT made, d.email, d.telephone, d.bounce_reason, '{}'
        FROM public.contacts_workdetails d WHERE d.posting_id = old.id;
    UPDATE public.contacts_person SET recorded_by_id = it.successor_id
        WHERE id = old.person_id AND recorded_by_id = it.predecessor_id;
    RETURN tandem.settle_reorganisation_row(p_row, 'followed', made);
END $$;

CREATE FUNCTION tandem.gather_gateways(p_reorganisation bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.organisations_reorganisationrow
        (reorganisation_id, kind, object_id, proposal, successor_id, outcome)
    SELECT p_reorganisation, 'gateways', g.id, 'follow', tandem.sole_successor(p_reorganisation), ''
    FROM public.contacts_gateway g
    WHERE g.host_id = tandem.reorganised(p_reorganisation) AND g.ended_on IS NULL
    ON CONFLICT DO NOTHING
$$;
CREATE FUNCTION tandem.describe_gateways(p_ids bigint[]) RETURNS TABLE (id bigint, words text, more text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT g.id, coalesce(nullif(g.name, ''), t.name)::text, coalesce(r.name, p.name)::text
    FROM public.contacts_gateway g JOIN public.contacts_gatewaytype t ON t.id = g.type_id
    LEFT JOIN public.contacts_region r ON r.id = g.region_id
    LEFT JOIN public.contacts_place p ON p.id = g.place_id
    WHERE g.id = ANY (p_ids) AND tandem.is_operator()
$$;
CREATE FUNCTION tandem.reorganise_gateways(p_row bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE it record;
BEGIN
    SELECT * INTO it FROM tandem.take_reorganisation_row(p_row, 'gateways');
    IF NOT FOUND THEN RETURN NULL; END IF;
    UPDATE public.contacts_gateway SET host_id = it.successor_id
        WHERE it.follows AND id = it.object_id AND host_id = it.predecessor_id AND ended_on IS NULL;
    RETURN tandem.settle_reorganisation_row(
        p_row, CASE WHEN FOUND THEN 'followed' ELSE 'stayed' END, NULL);
END $$;
DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['gather_postings(bigint)',
        'describe_postings(bigint[])',
        'reorganise_postings(bigint)',
        'gather_gateways(bigint)',
        'describe_gateways(bigint[])',
        'reorganise_gateways(bigint)'] LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION tandem.%s FROM PUBLIC', f);
        IF f ~ '^(gather|describe|reorganise_|told)' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION tandem.%s TO tandem_web', f);
        END IF;
    END LOOP;
END $$;
RESET ROLE;
