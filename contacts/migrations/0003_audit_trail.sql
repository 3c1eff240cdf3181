-- An event about somebody's posting is read for as long as one sees the posting.
CREATE POLICY while_the_posting_is_seen ON organisations_auditevent AS RESTRICTIVE
    FOR SELECT TO tandem_web
    USING (object_table <> 'contacts_posting' OR organisation_id = tandem.organisation()
        OR EXISTS (SELECT 1 FROM contacts_posting g WHERE g.id = object_id));
