-- What a reflection celebrates is a win that its own organisation logged in the same partnership.
ALTER POLICY member_reflects ON reflections_reflection
    WITH CHECK (author_organisation_id = tandem.organisation() AND author_id = tandem.person()
                AND withdrawn_at IS NULL
                AND EXISTS (SELECT 1 FROM plans_initiative i
                            WHERE i.id = initiative_id AND i.withdrawn_at IS NULL
                              AND i.partnership_id = reflections_reflection.partnership_id)
                AND (milestone_id IS NULL
                     OR EXISTS (SELECT 1 FROM plans_planline l
                                WHERE l.id = milestone_id AND l.kind = 'milestone'
                                  AND l.initiative_id = reflections_reflection.initiative_id))
                AND (win_id IS NULL
                     OR EXISTS (SELECT 1 FROM wins_win w
                                WHERE w.id = win_id
                                  AND w.author_organisation_id = reflections_reflection.author_organisation_id
                                  AND w.partnership_id = reflections_reflection.partnership_id)));
