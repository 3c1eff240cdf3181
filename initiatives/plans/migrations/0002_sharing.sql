-- Whether a data sharing agreement of a partnership is in force today: one that is kept elsewhere, or
-- one that every member has signed here and that has not expired. Asked by whoever holds a key to the
-- partnership, or to an initiative of it.
CREATE FUNCTION tandem.shares_data(p_partnership bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.agreements_datapaper d
        JOIN public.agreements_agreement a ON a.id = d.agreement_id
        WHERE d.partnership_id = p_partnership AND d.kind = 'dsa' AND d.ended_at IS NULL
          AND d.dated <= (now() AT TIME ZONE 'Europe/London')::date
          AND a.stage NOT IN ('varied', 'ended'))
    OR EXISTS (
        SELECT 1 FROM public.agreements_agreement a
        JOIN public.agreements_agreementversion v ON v.id = a.signed_version_id
        WHERE a.partnership_id = p_partnership AND a.kind = 'dsa'
          AND a.stage NOT IN ('varied', 'ended')
          AND v.starts_on <= (now() AT TIME ZONE 'Europe/London')::date
          AND (v.expires_on IS NULL OR v.expires_on >= (now() AT TIME ZONE 'Europe/London')::date))
$$;
ALTER FUNCTION tandem.shares_data(bigint) OWNER TO tandem_definer;
SET LOCAL ROLE tandem_definer;
REVOKE EXECUTE ON FUNCTION tandem.shares_data(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tandem.shares_data(bigint) TO tandem_web;
RESET ROLE;
