GRANT UPDATE (rule) ON initiative_sessions_publishedattendance TO tandem_web;
