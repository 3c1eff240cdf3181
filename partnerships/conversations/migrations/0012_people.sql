-- Its author changes who took part, too.
GRANT UPDATE (people, others, introduced_by) ON conversations_conversation TO tandem_web;
