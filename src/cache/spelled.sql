-- Version 7 of the cache: spelled anew, by the readings that are in use, and whatever of a customer the text
-- finds. Never edit this file once released.

UPDATE customers SET pinyin = readings(search);
UPDATE follow_ups SET pinyin = readings(title);
UPDATE groups SET pinyin = readings(name);
UPDATE group_members SET pinyin = readings(name);
UPDATE operators SET pinyin = readings(name);
UPDATE snippets SET pinyin = readings(title);
UPDATE broadcasts SET pinyin = readings(title);
