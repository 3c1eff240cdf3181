-- An event about a shared record is read for as long as one sees the record: whoever leaves
-- keeps what its own people did, its membership and its invitations. Being written beside the
-- copied acl, not instead of it, it never shows what somebody could not see at the time.
-- Events of before the column was there are their author's organisation's alone.
CREATE POLICY while_the_record_is_seen ON organisations_auditevent AS RESTRICTIVE
    FOR SELECT TO tandem_web
    USING (organisation_id = tandem.organisation()
        OR (partnership_id IS NULL AND object_table NOT IN ('record_partnership', 'record_member',
            'record_namedcontact', 'record_invitation', 'conversations_conversation',
            'touchpoints_touchpoint'))
        OR EXISTS (SELECT 1 FROM record_partnership p WHERE p.id = partnership_id)
        OR (object_table = 'record_member'
            AND EXISTS (SELECT 1 FROM record_member m WHERE m.id = object_id))
        OR (object_table = 'record_invitation'
            AND EXISTS (SELECT 1 FROM record_invitation i WHERE i.id = object_id)));
