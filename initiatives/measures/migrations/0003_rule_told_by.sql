GRANT UPDATE (rule) ON measures_publishedreading TO tandem_web;
