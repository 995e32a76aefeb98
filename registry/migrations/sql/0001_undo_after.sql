DROP FUNCTION marquee_refuse, marquee_keep_release, marquee_keep_part;
