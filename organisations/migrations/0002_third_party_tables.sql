-- Tables of Django, allauth and guardian: no tenant's records. What serves pages needs of them.
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session, account_emailaddress,
    account_emailconfirmation TO tandem_web;
GRANT SELECT ON django_content_type, auth_permission, auth_group, auth_group_permissions,
    django_migrations TO tandem_web;
