CREATE TABLE channel_account (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    credentials JSONB NOT NULL,
    sealed BYTEA NOT NULL,
    api_base TEXT,
    provider_account TEXT NOT NULL,
    state TEXT DEFAULT 'not_connected' NOT NULL,
    detail TEXT DEFAULT '' NOT NULL,
    public_name TEXT DEFAULT '' NOT NULL,
    failing_since TIMESTAMP WITH TIME ZONE,
    revision INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_channel_account PRIMARY KEY (id),
    CONSTRAINT ck_channel_account_state CHECK (state IN ('connected', 'not_connected')),
    CONSTRAINT fk_channel_account_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_channel_account_shop_id_created_at ON channel_account (shop_id, created_at, id);
CREATE UNIQUE INDEX uq_channel_account_provider_account ON channel_account (shop_id, kind, provider_account) WHERE removed_at IS NULL;

CREATE TABLE model_account (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    base_url TEXT NOT NULL,
    model TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    output TEXT NOT NULL,
    budget_ms INTEGER NOT NULL,
    threshold_percent INTEGER NOT NULL,
    currency VARCHAR(3) NOT NULL,
    cap_minor BIGINT NOT NULL,
    input_price_minor BIGINT NOT NULL,
    output_price_minor BIGINT NOT NULL,
    month DATE NOT NULL,
    spent_micro BIGINT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_model_account PRIMARY KEY (id),
    CONSTRAINT ck_model_account_output CHECK (output IN ('json_schema', 'tool')),
    CONSTRAINT ck_model_account_budget CHECK (budget_ms BETWEEN 100 AND 10000),
    CONSTRAINT ck_model_account_threshold CHECK (threshold_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_model_account_amounts CHECK (cap_minor >= 0 AND input_price_minor >= 0 AND output_price_minor >= 0 AND spent_micro >= 0),
    CONSTRAINT uq_model_account_shop_id UNIQUE (shop_id),
    CONSTRAINT fk_model_account_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);

CREATE TABLE channel_event (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    account_id UUID NOT NULL,
    dedupe_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    provider_id TEXT,
    body JSONB NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_channel_event PRIMARY KEY (id),
    CONSTRAINT uq_channel_event_account_id_dedupe_key UNIQUE (account_id, dedupe_key),
    CONSTRAINT fk_channel_event_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_channel_event_account_id FOREIGN KEY(account_id) REFERENCES channel_account (id) ON DELETE CASCADE
);
CREATE INDEX ix_channel_event_provider_id ON channel_event (account_id, provider_id);
CREATE INDEX ix_channel_event_shop_id ON channel_event (shop_id);

CREATE TABLE conversation (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    account_id UUID NOT NULL,
    kind TEXT NOT NULL,
    address TEXT NOT NULL,
    customer_id UUID NOT NULL,
    locale TEXT NOT NULL,
    held_by TEXT DEFAULT 'bot' NOT NULL,
    fence BIGINT DEFAULT 0 NOT NULL,
    lease_until TIMESTAMP WITH TIME ZONE,
    blocked TEXT,
    marketing BOOLEAN,
    marketing_at TIMESTAMP WITH TIME ZONE,
    open_inbound SMALLINT DEFAULT 0 NOT NULL,
    needs_person TEXT,
    state JSONB DEFAULT '{}' NOT NULL,
    last_inbound_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_conversation PRIMARY KEY (id),
    CONSTRAINT uq_conversation_account_id_address UNIQUE (account_id, address),
    CONSTRAINT ck_conversation_held_by CHECK (held_by IN ('bot', 'staff')),
    CONSTRAINT ck_conversation_blocked CHECK (blocked IN ('unreachable', 'opted_out')),
    CONSTRAINT fk_conversation_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_conversation_account_id FOREIGN KEY(account_id) REFERENCES channel_account (id) ON DELETE CASCADE
);
CREATE INDEX ix_conversation_customer_id ON conversation (customer_id);
CREATE INDEX ix_conversation_shop_id_updated_at ON conversation (shop_id, updated_at, id);

CREATE TABLE send_budget (
    account_id UUID NOT NULL,
    shop_id UUID NOT NULL,
    tokens DOUBLE PRECISION NOT NULL,
    filled_at TIMESTAMP WITH TIME ZONE NOT NULL,
    paused_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_send_budget PRIMARY KEY (account_id),
    CONSTRAINT fk_send_budget_account_id FOREIGN KEY(account_id) REFERENCES channel_account (id) ON DELETE CASCADE,
    CONSTRAINT fk_send_budget_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);

CREATE TABLE template_state (
    account_id UUID NOT NULL,
    name TEXT NOT NULL,
    locale TEXT NOT NULL,
    shop_id UUID NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_template_state PRIMARY KEY (account_id, name, locale),
    CONSTRAINT fk_template_state_account_id FOREIGN KEY(account_id) REFERENCES channel_account (id) ON DELETE CASCADE,
    CONSTRAINT fk_template_state_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_template_state_shop_id ON template_state (shop_id);

CREATE TABLE webchat_event (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    account_id UUID NOT NULL,
    address TEXT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    author TEXT NOT NULL,
    body JSONB NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    session_id UUID,
    cid TEXT,
    digest TEXT,
    inbound JSONB,
    message_id TEXT,
    CONSTRAINT pk_webchat_event PRIMARY KEY (id),
    CONSTRAINT uq_webchat_event_account_id_address_seq UNIQUE (account_id, address, seq),
    CONSTRAINT uq_webchat_event_session_id_cid UNIQUE (session_id, cid),
    CONSTRAINT uq_webchat_event_account_id_message_id UNIQUE (account_id, message_id),
    CONSTRAINT ck_webchat_event_author CHECK (author IN ('customer', 'bot', 'agent', 'system')),
    CONSTRAINT fk_webchat_event_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_webchat_event_account_id FOREIGN KEY(account_id) REFERENCES channel_account (id) ON DELETE CASCADE
);
CREATE INDEX ix_webchat_event_shop_id ON webchat_event (shop_id);
CREATE INDEX ix_webchat_event_unaccepted ON webchat_event (at) WHERE inbound IS NOT NULL;

CREATE TABLE webchat_nonce (
    account_id UUID NOT NULL,
    nonce TEXT NOT NULL,
    shop_id UUID NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_webchat_nonce PRIMARY KEY (account_id, nonce),
    CONSTRAINT fk_webchat_nonce_account_id FOREIGN KEY(account_id) REFERENCES channel_account (id) ON DELETE CASCADE,
    CONSTRAINT fk_webchat_nonce_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_webchat_nonce_expires_at ON webchat_nonce (expires_at);
CREATE INDEX ix_webchat_nonce_shop_id ON webchat_nonce (shop_id);

CREATE TABLE webchat_session (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    account_id UUID NOT NULL,
    address TEXT NOT NULL,
    locale TEXT NOT NULL,
    origin TEXT NOT NULL,
    name TEXT,
    email TEXT,
    entry TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_webchat_session PRIMARY KEY (id),
    CONSTRAINT fk_webchat_session_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_webchat_session_account_id FOREIGN KEY(account_id) REFERENCES channel_account (id) ON DELETE CASCADE
);
CREATE INDEX ix_webchat_session_account_id_address ON webchat_session (account_id, address);
CREATE INDEX ix_webchat_session_shop_id ON webchat_session (shop_id);

CREATE TABLE webchat_thread (
    account_id UUID NOT NULL,
    address TEXT NOT NULL,
    shop_id UUID NOT NULL,
    head_seq BIGINT DEFAULT 0 NOT NULL,
    read_seq BIGINT DEFAULT 0 NOT NULL,
    seen_seq BIGINT DEFAULT 0 NOT NULL,
    typing_until TIMESTAMP WITH TIME ZONE,
    subject TEXT,
    merged_into TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_webchat_thread PRIMARY KEY (account_id, address),
    CONSTRAINT uq_webchat_thread_account_id_subject UNIQUE (account_id, subject),
    CONSTRAINT ck_webchat_thread_read CHECK (read_seq <= head_seq AND seen_seq <= head_seq),
    CONSTRAINT fk_webchat_thread_account_id FOREIGN KEY(account_id) REFERENCES channel_account (id) ON DELETE CASCADE,
    CONSTRAINT fk_webchat_thread_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_webchat_thread_shop_id ON webchat_thread (shop_id);

CREATE TABLE address_alias (
    account_id UUID NOT NULL,
    alias TEXT NOT NULL,
    shop_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    left_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_address_alias PRIMARY KEY (account_id, alias),
    CONSTRAINT fk_address_alias_account_id FOREIGN KEY(account_id) REFERENCES channel_account (id) ON DELETE CASCADE,
    CONSTRAINT fk_address_alias_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_address_alias_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE
);
CREATE INDEX ix_address_alias_conversation_id ON address_alias (conversation_id);

CREATE TABLE inbound_message (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    account_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    dedupe_key TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    body JSONB NOT NULL,
    text TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    not_before TIMESTAMP WITH TIME ZONE NOT NULL,
    attempts SMALLINT DEFAULT 0 NOT NULL,
    outcome TEXT,
    outcome_detail JSONB,
    answered_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_inbound_message PRIMARY KEY (id),
    CONSTRAINT uq_inbound_message_account_id_dedupe_key UNIQUE (account_id, dedupe_key),
    CONSTRAINT ck_inbound_message_outcome CHECK (outcome IN ('answered', 'merged', 'handed_over', 'ignored', 'failed')),
    CONSTRAINT fk_inbound_message_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE
);
CREATE INDEX ix_inbound_message_conversation_id_seq ON inbound_message (conversation_id, seq);
CREATE INDEX ix_inbound_message_open ON inbound_message (not_before) WHERE outcome IS NULL;

CREATE TABLE outbound_message (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    account_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    author TEXT NOT NULL,
    body JSONB NOT NULL,
    text TEXT NOT NULL,
    plan JSONB DEFAULT '{}' NOT NULL,
    cause TEXT,
    reply_to TEXT,
    fence BIGINT,
    state TEXT DEFAULT 'queued' NOT NULL,
    attempts SMALLINT DEFAULT 0 NOT NULL,
    not_before TIMESTAMP WITH TIME ZONE NOT NULL,
    lease_until TIMESTAMP WITH TIME ZONE,
    paced_until TIMESTAMP WITH TIME ZONE,
    provider_id TEXT,
    reason TEXT,
    provider_code TEXT,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    settled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_outbound_message PRIMARY KEY (id),
    CONSTRAINT ck_outbound_message_state CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'refused', 'uncertain')),
    CONSTRAINT ck_outbound_message_author CHECK (author IN ('bot', 'staff', 'system')),
    CONSTRAINT fk_outbound_message_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE
);
CREATE INDEX ix_outbound_message_conversation_id_seq ON outbound_message (conversation_id, seq);
CREATE INDEX ix_outbound_message_due ON outbound_message (not_before, seq) WHERE state = 'queued';
CREATE INDEX ix_outbound_message_lost ON outbound_message (settled_at) WHERE state IN ('failed', 'refused', 'uncertain');
CREATE INDEX ix_outbound_message_provider_id ON outbound_message (account_id, provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX ix_outbound_message_waiting ON outbound_message (conversation_id, seq) WHERE state IN ('queued', 'sending');
CREATE UNIQUE INDEX uq_outbound_message_cause ON outbound_message (conversation_id, cause) WHERE cause IS NOT NULL;

CREATE TABLE received_picture (
    conversation_id UUID NOT NULL,
    media_id TEXT NOT NULL,
    shop_id UUID NOT NULL,
    upload_id UUID NOT NULL,
    image_id TEXT NOT NULL,
    CONSTRAINT pk_received_picture PRIMARY KEY (conversation_id, media_id),
    CONSTRAINT fk_received_picture_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE,
    CONSTRAINT fk_received_picture_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_received_picture_shop_id_media_id ON received_picture (shop_id, media_id);

CREATE TABLE webchat_refresh (
    hash TEXT NOT NULL,
    shop_id UUID NOT NULL,
    session_id UUID NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_with TEXT,
    CONSTRAINT pk_webchat_refresh PRIMARY KEY (hash),
    CONSTRAINT fk_webchat_refresh_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_webchat_refresh_session_id FOREIGN KEY(session_id) REFERENCES webchat_session (id) ON DELETE CASCADE
);
CREATE INDEX ix_webchat_refresh_session_id ON webchat_refresh (session_id);
CREATE INDEX ix_webchat_refresh_shop_id ON webchat_refresh (shop_id);
