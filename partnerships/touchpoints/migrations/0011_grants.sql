-- A person's own key opens only while their personal grant lives.
CREATE POLICY while_granted ON touchpoints_touchpoint AS RESTRICTIVE FOR SELECT TO tandem_web
    USING (nullif(current_setting('app.org_id', true), '') IS NOT NULL
           OR tandem.is_granted(partnership_id, false));
