-- A member says itself which of its schools it brings and on which side it works; whoever opened the
-- partnership says it for one that has not accepted yet. Schools are the trust's own on that day, and
-- only a council or a provider, which work with both sectors, has a choice of side.
CREATE FUNCTION tandem.member_describes_itself() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE kind text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.side, NEW.all_schools, NEW.schools) IS NOT DISTINCT FROM
           (OLD.side, OLD.all_schools, OLD.schools) THEN
            RETURN NEW;
        END IF;
        IF OLD.state IN ('declined', 'left') OR OLD.state = 'accepted'
           AND NEW.organisation_id IS DISTINCT FROM tandem.organisation() THEN
            RAISE insufficient_privilege USING MESSAGE = 'a member says what it brings itself';
        END IF;
    END IF;
    SELECT o.kind INTO kind FROM public.organisations_organisation o WHERE o.id = NEW.organisation_id;
    IF kind NOT IN ('council', 'provider')
       AND NEW.side <> (CASE WHEN kind LIKE 'school%' THEN 'school' ELSE 'health' END) THEN
        RAISE check_violation USING MESSAGE = 'an organisation of this kind has one side';
    END IF;
    IF EXISTS (SELECT unnest(NEW.schools)
               EXCEPT SELECT s.organisation_id FROM public.organisations_school s
                      WHERE s.trust_id = NEW.organisation_id) THEN
        RAISE check_violation USING MESSAGE = 'a trust brings schools of its own';
    END IF;
    RETURN NEW;
END $$;
-- Who adds a member need not say what it brings.
ALTER TABLE record_member ALTER all_schools SET DEFAULT true, ALTER schools SET DEFAULT '{}',
    ALTER described SET DEFAULT 0;
CREATE TRIGGER describes_itself BEFORE INSERT OR UPDATE OF side, all_schools, schools
    ON record_member FOR EACH ROW EXECUTE FUNCTION tandem.member_describes_itself();
GRANT UPDATE (side, all_schools, schools, described) ON record_member TO tandem_web;
