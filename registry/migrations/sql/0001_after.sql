-- What must never change, kept by the database itself and not by manners.

CREATE FUNCTION marquee_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        MESSAGE = 'rows of ' || TG_TABLE_NAME || ' are only ever added';
END
$$;

CREATE TRIGGER audit_event_stays BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER audit_event_is_kept BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER decision_stays BEFORE UPDATE OR DELETE ON decision
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER decision_is_kept BEFORE TRUNCATE ON decision
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER tombstone_stays BEFORE UPDATE OR DELETE ON tombstone
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER tombstone_is_kept BEFORE TRUNCATE ON tombstone
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER privacy_declaration_stays BEFORE UPDATE OR DELETE ON privacy_declaration
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER privacy_declaration_is_kept BEFORE TRUNCATE ON privacy_declaration
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER privacy_found_stays BEFORE UPDATE OR DELETE ON privacy_found
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER privacy_found_is_kept BEFORE TRUNCATE ON privacy_found
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER privacy_set_stays BEFORE UPDATE OR DELETE ON privacy_set
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER privacy_set_is_kept BEFORE TRUNCATE ON privacy_set
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER privacy_notice_stays BEFORE UPDATE OR DELETE ON privacy_notice
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER privacy_notice_is_kept BEFORE TRUNCATE ON privacy_notice
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER notice_given_stays BEFORE UPDATE OR DELETE ON notice_given
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER notice_given_is_kept BEFORE TRUNCATE ON notice_given
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse();

CREATE TRIGGER license_text_stays BEFORE UPDATE OR DELETE ON license_text
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER license_detection_stays BEFORE UPDATE OR DELETE ON license_detection
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER license_record_stays BEFORE UPDATE OR DELETE ON license_record
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse();
CREATE TRIGGER mirror_basis_stays BEFORE UPDATE OR DELETE ON mirror_basis
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse();

-- A release that was ever published.
CREATE FUNCTION marquee_keep_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (
        NEW.id, NEW.listing_id, NEW.version, NEW.content, NEW.said, NEW.files, NEW.findings,
        NEW.uploaded_by, NEW.created_at, NEW.published_at, NEW.derived_from_id
    ) IS DISTINCT FROM (
        OLD.id, OLD.listing_id, OLD.version, OLD.content, OLD.said, OLD.files, OLD.findings,
        OLD.uploaded_by, OLD.created_at, OLD.published_at, OLD.derived_from_id
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'restrict_violation',
            MESSAGE = 'release ' || OLD.id || ' was published and never changes';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER release_stays BEFORE UPDATE OR DELETE ON release
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION marquee_keep_release();

-- What belongs to such a release: no file and no picture is added, changed or taken away; only the
-- source of a binary may come later.
CREATE FUNCTION marquee_keep_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid[];
BEGIN
    IF TG_TABLE_NAME = 'artifact' AND TG_OP = 'INSERT' AND NEW.role = 'source' THEN
        RETURN NEW;
    END IF;
    touched := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.release_id]
        WHEN 'DELETE' THEN ARRAY[OLD.release_id]
        ELSE ARRAY[NEW.release_id, OLD.release_id]
    END;
    -- The lock makes it wait for a publication that is just being committed.
    IF (
        SELECT bool_or(published_at IS NOT NULL)
        FROM (SELECT published_at FROM release WHERE id = ANY (touched) FOR SHARE) AS locked
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'restrict_violation',
            MESSAGE = TG_TABLE_NAME || ' of a published release never changes';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;

CREATE TRIGGER artifact_stays BEFORE INSERT OR UPDATE OR DELETE ON artifact
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_part();
CREATE TRIGGER picture_stays BEFORE INSERT OR UPDATE OR DELETE ON picture
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_part();

-- Tables that name one another: these two keys can only be added once all tables are there.
ALTER TABLE listing ADD CONSTRAINT fk_listing_latest_release_id_release
    FOREIGN KEY (latest_release_id) REFERENCES release (id);
ALTER TABLE upload ADD CONSTRAINT fk_upload_release_id_release
    FOREIGN KEY (release_id) REFERENCES release (id);
ALTER TABLE release ADD CONSTRAINT fk_release_license_record_id_license_record
    FOREIGN KEY (license_record_id) REFERENCES license_record (id);
ALTER TABLE policy ADD CONSTRAINT fk_policy_current_id_policy_text
    FOREIGN KEY (current_id) REFERENCES policy_text (id);
