-- Members see the e-mails about an agreement they share, and may withdraw them with it.
CREATE POLICY of_a_shared_agreement ON organisations_delivery FOR SELECT TO tandem_web
    USING (kind LIKE 'agreement\_%'
           AND EXISTS (SELECT 1 FROM agreements_agreement a WHERE a.ref = subject));
CREATE POLICY withdraw_of_a_shared_agreement ON organisations_delivery FOR UPDATE TO tandem_web
    USING (kind LIKE 'agreement\_%'
           AND EXISTS (SELECT 1 FROM agreements_agreement a WHERE a.ref = subject))
    WITH CHECK (state = 'cancelled');
