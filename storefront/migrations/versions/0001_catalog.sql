CREATE TABLE domain_event (
    id BIGSERIAL NOT NULL,
    shop_id UUID NOT NULL,
    name TEXT NOT NULL,
    payload JSONB NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    not_before TIMESTAMP WITH TIME ZONE NOT NULL,
    attempts SMALLINT DEFAULT 0 NOT NULL,
    done TEXT[] DEFAULT '{}' NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    fault TEXT,
    CONSTRAINT pk_domain_event PRIMARY KEY (id)
);
CREATE INDEX ix_domain_event_shop_id_id ON domain_event (shop_id, id);
CREATE INDEX ix_domain_event_waiting ON domain_event (not_before, id) WHERE finished_at IS NULL;

CREATE TABLE lab_clock (
    id SMALLINT NOT NULL,
    offset_seconds BIGINT NOT NULL,
    CONSTRAINT pk_lab_clock PRIMARY KEY (id),
    CONSTRAINT ck_lab_clock_one_row_forward CHECK (id = 1 AND offset_seconds >= 0)
);

CREATE TABLE shop (
    id UUID NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    country TEXT NOT NULL,
    default_locale TEXT NOT NULL,
    locales TEXT[] NOT NULL,
    settings JSONB DEFAULT '{}' NOT NULL,
    revision INTEGER DEFAULT 1 NOT NULL,
    catalog_revision BIGINT DEFAULT 1 NOT NULL,
    next_order_number BIGINT DEFAULT 1001 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_shop PRIMARY KEY (id),
    CONSTRAINT ck_shop_slug CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
    CONSTRAINT ck_shop_country CHECK (country ~ '^[A-Z]{2}$'),
    CONSTRAINT uq_shop_slug UNIQUE (slug)
);

CREATE TABLE api_key (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    name TEXT NOT NULL,
    hint TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    scopes TEXT[] NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_api_key PRIMARY KEY (id),
    CONSTRAINT uq_api_key_fingerprint UNIQUE (fingerprint),
    CONSTRAINT fk_api_key_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_api_key_shop_id ON api_key (shop_id);

CREATE TABLE category (
    shop_id UUID NOT NULL,
    path TEXT NOT NULL,
    title JSONB NOT NULL,
    CONSTRAINT pk_category PRIMARY KEY (shop_id, path),
    CONSTRAINT fk_category_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);

CREATE TABLE image (
    shop_id UUID NOT NULL,
    id VARCHAR(64) NOT NULL,
    mime TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bytes BIGINT NOT NULL,
    colour VARCHAR(7) NOT NULL,
    fingerprint BIGINT NOT NULL,
    palette SMALLINT[] DEFAULT '{}' NOT NULL,
    received BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_image PRIMARY KEY (shop_id, id),
    CONSTRAINT ck_image_hash CHECK (length(id) = 64),
    CONSTRAINT ck_image_size CHECK (width > 0 AND height > 0 AND bytes > 0),
    CONSTRAINT fk_image_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);

CREATE TABLE import_run (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    file_hash TEXT NOT NULL,
    file_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    position INTEGER DEFAULT 0 NOT NULL,
    counts JSONB DEFAULT '{}' NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_import_run PRIMARY KEY (id),
    CONSTRAINT ck_import_run_state CHECK (state IN ('running', 'done')),
    CONSTRAINT fk_import_run_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_import_run_shop_id_started_at ON import_run (shop_id, started_at);
CREATE UNIQUE INDEX uq_import_run_running ON import_run (shop_id, file_hash) WHERE state = 'running';

CREATE TABLE product (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    handle TEXT NOT NULL,
    title JSONB NOT NULL,
    description JSONB DEFAULT '{}' NOT NULL,
    category_path TEXT DEFAULT '' NOT NULL,
    brand TEXT DEFAULT '' NOT NULL,
    tags TEXT[] DEFAULT '{}' NOT NULL,
    attributes JSONB DEFAULT '{}' NOT NULL,
    options TEXT[] DEFAULT '{}' NOT NULL,
    status TEXT NOT NULL,
    revision INTEGER DEFAULT 1 NOT NULL,
    digest TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_product PRIMARY KEY (id),
    CONSTRAINT ck_product_status CHECK (status IN ('draft', 'active', 'archived')),
    CONSTRAINT ck_product_deleted_is_archived CHECK (deleted_at IS NULL OR status = 'archived'),
    CONSTRAINT fk_product_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_product_shop_id_category_path ON product (shop_id, category_path text_pattern_ops);
CREATE INDEX ix_product_shop_id_id ON product (shop_id, id);
CREATE UNIQUE INDEX uq_product_shop_id_handle ON product (shop_id, handle) WHERE deleted_at IS NULL;

CREATE TABLE search_spelling (
    shop_id UUID NOT NULL,
    locale TEXT NOT NULL,
    key TEXT NOT NULL,
    word TEXT NOT NULL,
    CONSTRAINT pk_search_spelling PRIMARY KEY (shop_id, locale, key, word),
    CONSTRAINT fk_search_spelling_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);

CREATE TABLE search_synonym (
    shop_id UUID NOT NULL,
    locale TEXT NOT NULL,
    word TEXT NOT NULL,
    synonyms TEXT[] NOT NULL,
    CONSTRAINT pk_search_synonym PRIMARY KEY (shop_id, locale, word),
    CONSTRAINT fk_search_synonym_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);

CREATE TABLE search_word (
    shop_id UUID NOT NULL,
    locale TEXT NOT NULL,
    word TEXT NOT NULL,
    lexeme TEXT NOT NULL,
    documents INTEGER NOT NULL,
    titles INTEGER NOT NULL,
    CONSTRAINT pk_search_word PRIMARY KEY (shop_id, locale, word),
    CONSTRAINT fk_search_word_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_search_word_shop_id_locale_lexeme ON search_word (shop_id, locale, lexeme);
CREATE INDEX ix_search_word_trigrams ON search_word USING gin (word gin_trgm_ops);

CREATE TABLE unmet_demand (
    shop_id UUID NOT NULL,
    day DATE NOT NULL,
    locale TEXT NOT NULL,
    reason TEXT NOT NULL,
    query TEXT NOT NULL,
    sku TEXT,
    count INTEGER NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_unmet_demand PRIMARY KEY (shop_id, day, locale, reason, query),
    CONSTRAINT ck_unmet_demand_reason CHECK (reason IN ('nothing_found', 'sold_out')),
    CONSTRAINT fk_unmet_demand_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);

CREATE TABLE use_count (
    shop_id UUID NOT NULL,
    key TEXT NOT NULL,
    window_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used INTEGER NOT NULL,
    CONSTRAINT pk_use_count PRIMARY KEY (shop_id, key),
    CONSTRAINT fk_use_count_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);

CREATE TABLE image_source (
    shop_id UUID NOT NULL,
    url TEXT NOT NULL,
    image_id VARCHAR(64) NOT NULL,
    CONSTRAINT pk_image_source PRIMARY KEY (shop_id, url),
    CONSTRAINT fk_image_source_shop_id_image_id FOREIGN KEY(shop_id, image_id) REFERENCES image (shop_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_image_source_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);

CREATE TABLE import_issue (
    id BIGSERIAL NOT NULL,
    shop_id UUID NOT NULL,
    run_id UUID NOT NULL,
    line INTEGER NOT NULL,
    "column" TEXT NOT NULL,
    value TEXT NOT NULL,
    reason TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    CONSTRAINT pk_import_issue PRIMARY KEY (id),
    CONSTRAINT ck_import_issue_severity CHECK (severity IN ('fixed', 'question', 'error')),
    CONSTRAINT fk_import_issue_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_import_issue_run_id FOREIGN KEY(run_id) REFERENCES import_run (id) ON DELETE CASCADE
);
CREATE INDEX ix_import_issue_run_id ON import_issue (run_id);

CREATE TABLE lookbook (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    code TEXT NOT NULL,
    title JSONB NOT NULL,
    image_id VARCHAR(64) NOT NULL,
    alt JSONB DEFAULT '{}' NOT NULL,
    revision INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_lookbook PRIMARY KEY (id),
    CONSTRAINT fk_lookbook_shop_id_image_id FOREIGN KEY(shop_id, image_id) REFERENCES image (shop_id, id),
    CONSTRAINT fk_lookbook_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_lookbook_shop_id_code ON lookbook (shop_id, upper(code));

CREATE TABLE product_image (
    product_id UUID NOT NULL,
    position INTEGER NOT NULL,
    shop_id UUID NOT NULL,
    image_id VARCHAR(64) NOT NULL,
    alt JSONB DEFAULT '{}' NOT NULL,
    option JSONB,
    CONSTRAINT pk_product_image PRIMARY KEY (product_id, position),
    CONSTRAINT fk_product_image_shop_id_image_id FOREIGN KEY(shop_id, image_id) REFERENCES image (shop_id, id),
    CONSTRAINT fk_product_image_product_id FOREIGN KEY(product_id) REFERENCES product (id) ON DELETE CASCADE,
    CONSTRAINT fk_product_image_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_product_image_shop_id_image_id ON product_image (shop_id, image_id);

CREATE TABLE search_document (
    shop_id UUID NOT NULL,
    locale TEXT NOT NULL,
    product_id UUID NOT NULL,
    handle TEXT NOT NULL,
    title TEXT NOT NULL,
    brand TEXT NOT NULL,
    category_path TEXT NOT NULL,
    price_minor BIGINT NOT NULL,
    reduced BOOLEAN NOT NULL,
    colours TEXT[] NOT NULL,
    sizes TEXT[] NOT NULL,
    accessories TEXT[] NOT NULL,
    title_norm FLOAT(24) NOT NULL,
    lead TSVECTOR NOT NULL,
    CONSTRAINT pk_search_document PRIMARY KEY (shop_id, locale, product_id),
    CONSTRAINT fk_search_document_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_search_document_product_id FOREIGN KEY(product_id) REFERENCES product (id) ON DELETE CASCADE
);
CREATE INDEX ix_search_document_lead ON search_document USING gin (lead) WITH (fastupdate = off);
CREATE INDEX ix_search_document_product_id ON search_document (product_id);

CREATE TABLE upload (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    image_id VARCHAR(64) NOT NULL,
    filename TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_upload PRIMARY KEY (id),
    CONSTRAINT fk_upload_shop_id_image_id FOREIGN KEY(shop_id, image_id) REFERENCES image (shop_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_upload_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_upload_shop_id ON upload (shop_id);

CREATE TABLE variant (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    product_id UUID NOT NULL,
    sku TEXT NOT NULL,
    options JSONB DEFAULT '{}' NOT NULL,
    price_minor BIGINT NOT NULL,
    compare_at_minor BIGINT,
    lowest_30d_minor BIGINT,
    currency VARCHAR(3) NOT NULL,
    gtin TEXT,
    weight_g BIGINT,
    content TEXT,
    unit_price_base TEXT,
    position INTEGER NOT NULL,
    retired_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_variant PRIMARY KEY (id),
    CONSTRAINT ck_variant_price CHECK (price_minor >= 0),
    CONSTRAINT ck_variant_compare_at CHECK (compare_at_minor > price_minor),
    CONSTRAINT ck_variant_weight CHECK (weight_g >= 0),
    CONSTRAINT ck_variant_unit_price_base CHECK (unit_price_base IS NULL OR content IS NOT NULL),
    CONSTRAINT fk_variant_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_variant_product_id FOREIGN KEY(product_id) REFERENCES product (id) ON DELETE CASCADE
);
CREATE INDEX ix_variant_product_id ON variant (product_id);
CREATE INDEX ix_variant_retired ON variant (shop_id, sku) WHERE retired_at IS NOT NULL;
CREATE UNIQUE INDEX uq_variant_shop_id_sku ON variant (shop_id, sku) WHERE retired_at IS NULL;

CREATE TABLE hotspot (
    lookbook_id UUID NOT NULL,
    number INTEGER NOT NULL,
    shop_id UUID NOT NULL,
    product_id UUID NOT NULL,
    variant_id UUID,
    x DOUBLE PRECISION NOT NULL,
    y DOUBLE PRECISION NOT NULL,
    CONSTRAINT pk_hotspot PRIMARY KEY (lookbook_id, number),
    CONSTRAINT ck_hotspot_number CHECK (number >= 1),
    CONSTRAINT ck_hotspot_inside CHECK (x BETWEEN 0 AND 1 AND y BETWEEN 0 AND 1),
    CONSTRAINT fk_hotspot_lookbook_id FOREIGN KEY(lookbook_id) REFERENCES lookbook (id) ON DELETE CASCADE,
    CONSTRAINT fk_hotspot_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_hotspot_product_id FOREIGN KEY(product_id) REFERENCES product (id) ON DELETE CASCADE,
    CONSTRAINT fk_hotspot_variant_id FOREIGN KEY(variant_id) REFERENCES variant (id) ON DELETE CASCADE
);
CREATE INDEX ix_hotspot_product_id ON hotspot (product_id);

CREATE TABLE price_change (
    id BIGSERIAL NOT NULL,
    shop_id UUID NOT NULL,
    variant_id UUID NOT NULL,
    price_minor BIGINT NOT NULL,
    compare_at_minor BIGINT,
    currency VARCHAR(3) NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_price_change PRIMARY KEY (id),
    CONSTRAINT fk_price_change_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_price_change_variant_id FOREIGN KEY(variant_id) REFERENCES variant (id) ON DELETE CASCADE
);
CREATE INDEX ix_price_change_variant_id_changed_at ON price_change (variant_id, changed_at);

CREATE TABLE search_text (
    shop_id UUID NOT NULL,
    locale TEXT NOT NULL,
    product_id UUID NOT NULL,
    facts_norm FLOAT(24) NOT NULL,
    prose_norm FLOAT(24) NOT NULL,
    body TSVECTOR NOT NULL,
    words TEXT[] NOT NULL,
    titled TEXT[] NOT NULL,
    CONSTRAINT pk_search_text PRIMARY KEY (shop_id, locale, product_id),
    CONSTRAINT fk_search_text_shop_id_locale_product_id FOREIGN KEY(shop_id, locale, product_id) REFERENCES search_document (shop_id, locale, product_id) ON DELETE CASCADE,
    CONSTRAINT fk_search_text_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_search_text_body ON search_text USING gin (body) WITH (fastupdate = off);
