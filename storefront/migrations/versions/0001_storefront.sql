CREATE TABLE idempotency_key (
    shop_id UUID NOT NULL,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    status SMALLINT,
    answer BYTEA,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_idempotency_key PRIMARY KEY (shop_id, key),
    CONSTRAINT fk_idempotency_key_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_idempotency_key_at ON idempotency_key (at);

CREATE TABLE webhook_endpoint (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    url TEXT NOT NULL,
    events TEXT[] DEFAULT '{}' NOT NULL,
    sealed BYTEA NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    failing_since TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_webhook_endpoint PRIMARY KEY (id),
    CONSTRAINT fk_webhook_endpoint_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_webhook_endpoint_shop_id ON webhook_endpoint (shop_id);

CREATE TABLE webhook_delivery (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    endpoint_id UUID NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    attempts SMALLINT DEFAULT 0 NOT NULL,
    status SMALLINT,
    done_at TIMESTAMP WITH TIME ZONE,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_webhook_delivery PRIMARY KEY (id),
    CONSTRAINT fk_webhook_delivery_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_webhook_delivery_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES webhook_endpoint (id) ON DELETE CASCADE
);
CREATE INDEX ix_webhook_delivery_endpoint_id_at ON webhook_delivery (endpoint_id, at);
CREATE INDEX ix_webhook_delivery_shop_id ON webhook_delivery (shop_id);
