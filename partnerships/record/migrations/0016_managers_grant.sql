-- Whoever gives a personal grant manages the organisation that opened the partnership: the service
-- asks the role, and so does the row.
DROP POLICY owner_gives ON record_partnershipgrant;
CREATE POLICY owner_gives ON record_partnershipgrant FOR INSERT TO tandem_web
    WITH CHECK (tandem.is_manager_of(tandem.organisation())
        AND EXISTS (SELECT 1 FROM record_partnership p
                    WHERE p.id = content_object_id AND p.owner_id = tandem.organisation()));
