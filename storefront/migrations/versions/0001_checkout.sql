CREATE TABLE customer (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    email TEXT DEFAULT '' NOT NULL,
    phone TEXT DEFAULT '' NOT NULL,
    locale TEXT DEFAULT '' NOT NULL,
    address JSONB,
    merged_into UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    erased_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_customer PRIMARY KEY (id),
    CONSTRAINT ck_customer_not_into_itself CHECK (merged_into <> id),
    CONSTRAINT fk_customer_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_customer_merged_into FOREIGN KEY(merged_into) REFERENCES customer (id) ON DELETE SET NULL
);
CREATE INDEX ix_customer_merged_into ON customer (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX ix_customer_shop_id_id ON customer (shop_id, id);

CREATE TABLE discount (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    code TEXT NOT NULL,
    percent_bp INTEGER,
    amount_minor BIGINT,
    min_total_minor BIGINT,
    currency VARCHAR(3) NOT NULL,
    max_redemptions INTEGER,
    per_person INTEGER,
    starts_at TIMESTAMP WITH TIME ZONE,
    ends_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_discount PRIMARY KEY (id),
    CONSTRAINT uq_discount_shop_id_code UNIQUE (shop_id, code),
    CONSTRAINT ck_discount_one_kind CHECK ((percent_bp IS NULL) <> (amount_minor IS NULL)),
    CONSTRAINT ck_discount_percent CHECK (percent_bp BETWEEN 1 AND 10000),
    CONSTRAINT ck_discount_amount CHECK (amount_minor > 0),
    CONSTRAINT ck_discount_min_total CHECK (min_total_minor >= 0),
    CONSTRAINT ck_discount_limits CHECK (max_redemptions > 0 AND per_person > 0),
    CONSTRAINT fk_discount_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);

CREATE TABLE pay_link (
    code TEXT NOT NULL,
    shop_id UUID NOT NULL,
    cart_id UUID NOT NULL,
    cart_version BIGINT NOT NULL,
    customer_id UUID NOT NULL,
    conversation_id UUID,
    order_id UUID,
    locale TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_pay_link PRIMARY KEY (code),
    CONSTRAINT uq_pay_link_cart_id_cart_version UNIQUE (cart_id, cart_version),
    CONSTRAINT fk_pay_link_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_pay_link_shop_id_customer_id ON pay_link (shop_id, customer_id);
CREATE INDEX ix_pay_link_shop_id_order_id ON pay_link (shop_id, order_id);

CREATE TABLE payment_account (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    kind TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    api_base TEXT,
    active BOOLEAN NOT NULL,
    revision INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reconciled_until TIMESTAMP WITH TIME ZONE,
    removed_at TIMESTAMP WITH TIME ZONE,
    heard_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_payment_account PRIMARY KEY (id),
    CONSTRAINT fk_payment_account_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_payment_account_active ON payment_account (shop_id, kind) WHERE active;

CREATE TABLE stock_movement (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    variant_id UUID NOT NULL,
    sku TEXT NOT NULL,
    delta BIGINT NOT NULL,
    reason TEXT NOT NULL,
    reference UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_stock_movement PRIMARY KEY (id),
    CONSTRAINT ck_stock_movement_reason CHECK (reason IN ('set', 'adjusted', 'sold', 'cancelled', 'returned')),
    CONSTRAINT fk_stock_movement_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_stock_movement_shop_id_variant_id_id ON stock_movement (shop_id, variant_id, id);
CREATE UNIQUE INDEX uq_stock_movement_once ON stock_movement (shop_id, reason, reference, variant_id) WHERE reference IS NOT NULL;

CREATE TABLE cart (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    currency VARCHAR(3) NOT NULL,
    discount_code TEXT,
    shipping_code TEXT,
    ordered_version INTEGER,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_cart PRIMARY KEY (id),
    CONSTRAINT ck_cart_state CHECK (state IN ('open', 'placed')),
    CONSTRAINT ck_cart_version CHECK (version >= 0),
    CONSTRAINT fk_cart_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_cart_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id) ON DELETE CASCADE
);
CREATE INDEX ix_cart_customer_id ON cart (customer_id);
CREATE UNIQUE INDEX uq_cart_shop_id_customer_id_open ON cart (shop_id, customer_id) WHERE state = 'open';

CREATE TABLE customer_merge (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    from_id UUID NOT NULL,
    into_id UUID NOT NULL,
    proof TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    reversed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_customer_merge PRIMARY KEY (id),
    CONSTRAINT fk_customer_merge_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_customer_merge_from_id FOREIGN KEY(from_id) REFERENCES customer (id) ON DELETE CASCADE,
    CONSTRAINT fk_customer_merge_into_id FOREIGN KEY(into_id) REFERENCES customer (id) ON DELETE CASCADE
);
CREATE INDEX ix_customer_merge_from_id ON customer_merge (from_id);
CREATE INDEX ix_customer_merge_into_id ON customer_merge (into_id);
CREATE UNIQUE INDEX uq_customer_merge_from_id_standing ON customer_merge (from_id) WHERE reversed_at IS NULL;

CREATE TABLE discount_redemption (
    discount_id UUID NOT NULL,
    order_id UUID NOT NULL,
    shop_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    cart_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    released_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_discount_redemption PRIMARY KEY (discount_id, order_id),
    CONSTRAINT fk_discount_redemption_discount_id FOREIGN KEY(discount_id) REFERENCES discount (id) ON DELETE CASCADE,
    CONSTRAINT fk_discount_redemption_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_discount_redemption_discount_id_customer_id ON discount_redemption (discount_id, customer_id) WHERE released_at IS NULL;
CREATE INDEX ix_discount_redemption_order_id ON discount_redemption (order_id);

CREATE TABLE payment (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    order_id UUID NOT NULL,
    account_id UUID NOT NULL,
    attempt SMALLINT NOT NULL,
    state TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    idempotency_key TEXT NOT NULL,
    success_url TEXT NOT NULL,
    cancel_url TEXT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    provider_id TEXT,
    intent_id TEXT,
    url TEXT,
    captured_minor BIGINT,
    captured_currency TEXT,
    captured_at TIMESTAMP WITH TIME ZONE,
    failure TEXT,
    dispute_id TEXT,
    dispute_status TEXT,
    dispute_closed BOOLEAN DEFAULT false NOT NULL,
    fraud_warned BOOLEAN DEFAULT false NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    looked_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_payment PRIMARY KEY (id),
    CONSTRAINT ck_payment_state_known CHECK (state IN ('created', 'open', 'pending', 'captured', 'failed', 'expired', 'superseded')),
    CONSTRAINT ck_payment_amount_not_negative CHECK (amount_minor >= 0),
    CONSTRAINT ck_payment_captured_complete CHECK ((state = 'captured') = (captured_minor IS NOT NULL AND captured_at IS NOT NULL)),
    CONSTRAINT uq_payment_order_id_attempt UNIQUE (order_id, attempt),
    CONSTRAINT uq_payment_account_id_provider_id UNIQUE (account_id, provider_id),
    CONSTRAINT uq_payment_idempotency_key UNIQUE (idempotency_key),
    CONSTRAINT fk_payment_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_payment_account_id FOREIGN KEY(account_id) REFERENCES payment_account (id)
);
CREATE INDEX ix_payment_account_id_intent_id ON payment (account_id, intent_id);
CREATE INDEX ix_payment_shop_id_order_id ON payment (shop_id, order_id);
CREATE INDEX ix_payment_unsettled ON payment (created_at) WHERE closed_at IS NULL OR state = 'pending';

CREATE TABLE shop_order (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    number TEXT NOT NULL,
    code TEXT NOT NULL,
    customer_id UUID NOT NULL,
    conversation_id UUID,
    cart_id UUID NOT NULL,
    cart_version INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    locale TEXT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    items_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL,
    shipping_minor BIGINT NOT NULL,
    tax_minor BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    taxes JSONB NOT NULL,
    tax_country TEXT NOT NULL,
    discount_code TEXT,
    shipping JSONB NOT NULL,
    delivery JSONB NOT NULL,
    placed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    hold_until TIMESTAMP WITH TIME ZONE NOT NULL,
    paid_at TIMESTAMP WITH TIME ZONE,
    fulfilled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_shop_order PRIMARY KEY (id),
    CONSTRAINT uq_shop_order_shop_id_number UNIQUE (shop_id, number),
    CONSTRAINT ck_shop_order_state CHECK (state IN ('awaiting_payment', 'payment_pending', 'paid', 'fulfilling', 'fulfilled', 'closed', 'cancelled', 'expired', 'exception')),
    CONSTRAINT ck_shop_order_total CHECK (total_minor = items_minor - discount_minor + shipping_minor),
    CONSTRAINT ck_shop_order_amounts CHECK (total_minor >= 0 AND items_minor >= 0 AND discount_minor >= 0 AND shipping_minor >= 0 AND tax_minor >= 0),
    CONSTRAINT fk_shop_order_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT uq_shop_order_code UNIQUE (code),
    CONSTRAINT fk_shop_order_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id)
);
CREATE INDEX ix_shop_order_cart_id ON shop_order (cart_id);
CREATE INDEX ix_shop_order_conversation_id ON shop_order (conversation_id);
CREATE INDEX ix_shop_order_customer_id_id ON shop_order (customer_id, id);
CREATE INDEX ix_shop_order_fulfilled ON shop_order (shop_id, fulfilled_at) WHERE state = 'fulfilled';
CREATE INDEX ix_shop_order_hold_until_awaiting ON shop_order (hold_until) WHERE state = 'awaiting_payment';
CREATE INDEX ix_shop_order_number_in_capitals ON shop_order (shop_id, upper(number));
CREATE INDEX ix_shop_order_shop_id_id ON shop_order (shop_id, id);
CREATE UNIQUE INDEX uq_shop_order_cart_id_cart_version_live ON shop_order (cart_id, cart_version) WHERE state NOT IN ('cancelled', 'expired', 'exception');

CREATE TABLE cart_line (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    cart_id UUID NOT NULL,
    position INTEGER NOT NULL,
    variant_id UUID NOT NULL,
    quantity INTEGER NOT NULL,
    seen_minor BIGINT NOT NULL,
    CONSTRAINT pk_cart_line PRIMARY KEY (id),
    CONSTRAINT ck_cart_line_quantity CHECK (quantity BETWEEN 1 AND 99),
    CONSTRAINT uq_cart_line_cart_id_variant_id UNIQUE (cart_id, variant_id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_cart_line_cart_id FOREIGN KEY(cart_id) REFERENCES cart (id) ON DELETE CASCADE,
    CONSTRAINT fk_cart_line_variant_id FOREIGN KEY(variant_id) REFERENCES variant (id) ON DELETE CASCADE
);
CREATE INDEX ix_cart_line_variant_id ON cart_line (variant_id);

CREATE TABLE cart_version (
    cart_id UUID NOT NULL,
    version INTEGER NOT NULL,
    shop_id UUID NOT NULL,
    before INTEGER,
    lines JSONB NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_cart_version PRIMARY KEY (cart_id, version),
    CONSTRAINT fk_cart_version_cart_id FOREIGN KEY(cart_id) REFERENCES cart (id) ON DELETE CASCADE
);

CREATE TABLE fulfilment (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    order_id UUID NOT NULL,
    carrier TEXT NOT NULL,
    tracking_code TEXT NOT NULL,
    tracking_url TEXT NOT NULL,
    key TEXT,
    shipped_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_fulfilment PRIMARY KEY (id),
    CONSTRAINT fk_fulfilment_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_fulfilment_order_id FOREIGN KEY(order_id) REFERENCES shop_order (id) ON DELETE CASCADE
);
CREATE INDEX ix_fulfilment_order_id ON fulfilment (order_id);
CREATE UNIQUE INDEX uq_fulfilment_order_id_key ON fulfilment (order_id, key) WHERE key IS NOT NULL;

CREATE TABLE order_event (
    id BIGSERIAL NOT NULL,
    shop_id UUID NOT NULL,
    order_id UUID NOT NULL,
    type TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_order_event PRIMARY KEY (id),
    CONSTRAINT fk_order_event_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_order_event_order_id FOREIGN KEY(order_id) REFERENCES shop_order (id) ON DELETE CASCADE
);
CREATE INDEX ix_order_event_order_id_id ON order_event (order_id, id);
CREATE UNIQUE INDEX uq_order_event_order_id_paid ON order_event (order_id) WHERE type = 'paid';

CREATE TABLE order_line (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    order_id UUID NOT NULL,
    position INTEGER NOT NULL,
    variant_id UUID NOT NULL,
    sku TEXT NOT NULL,
    handle TEXT NOT NULL,
    title TEXT NOT NULL,
    variant_title TEXT NOT NULL,
    options JSONB NOT NULL,
    image_id TEXT,
    quantity INTEGER NOT NULL,
    unit_price_minor BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    tax_rate_bp INTEGER NOT NULL,
    shipped INTEGER DEFAULT 0 NOT NULL,
    returned INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT pk_order_line PRIMARY KEY (id),
    CONSTRAINT uq_order_line_order_id_sku UNIQUE (order_id, sku),
    CONSTRAINT ck_order_line_parts CHECK (shipped BETWEEN 0 AND quantity AND returned BETWEEN 0 AND shipped),
    CONSTRAINT ck_order_line_quantity CHECK (quantity > 0),
    CONSTRAINT ck_order_line_total CHECK (total_minor = unit_price_minor * quantity),
    CONSTRAINT ck_order_line_discount CHECK (discount_minor BETWEEN 0 AND total_minor),
    CONSTRAINT fk_order_line_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_order_line_order_id FOREIGN KEY(order_id) REFERENCES shop_order (id) ON DELETE CASCADE
);
CREATE INDEX ix_order_line_order_id_position ON order_line (order_id, position);
CREATE INDEX ix_order_line_variant_id ON order_line (variant_id);

CREATE TABLE payment_event (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    account_id UUID NOT NULL,
    provider_event_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    body BYTEA NOT NULL,
    order_id UUID,
    intent_id TEXT,
    payment_id UUID,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_payment_event PRIMARY KEY (id),
    CONSTRAINT uq_payment_event_account_id_provider_event_id UNIQUE (account_id, provider_event_id),
    CONSTRAINT fk_payment_event_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_payment_event_account_id FOREIGN KEY(account_id) REFERENCES payment_account (id),
    CONSTRAINT fk_payment_event_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id)
);
CREATE INDEX ix_payment_event_payment_id ON payment_event (payment_id);
CREATE INDEX ix_payment_event_waiting ON payment_event (account_id, received_at) WHERE processed_at IS NULL;

CREATE TABLE refund (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    order_id UUID NOT NULL,
    payment_id UUID NOT NULL,
    return_id UUID,
    state TEXT NOT NULL,
    origin TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    units JSONB DEFAULT '{}' NOT NULL,
    shipping_minor BIGINT DEFAULT 0 NOT NULL,
    reason TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    tries SMALLINT DEFAULT 0 NOT NULL,
    provider_id TEXT,
    failure TEXT,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    settled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_refund PRIMARY KEY (id),
    CONSTRAINT ck_refund_state_known CHECK (state IN ('requested', 'pending', 'succeeded', 'failed', 'canceled')),
    CONSTRAINT ck_refund_origin_known CHECK (origin IN ('shop', 'surplus', 'provider')),
    CONSTRAINT ck_refund_amount_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_refund_shipping CHECK (shipping_minor >= 0),
    CONSTRAINT uq_refund_payment_id_provider_id UNIQUE (payment_id, provider_id),
    CONSTRAINT fk_refund_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_refund_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id)
);
CREATE INDEX ix_refund_open ON refund (requested_at) WHERE state IN ('requested', 'pending');
CREATE INDEX ix_refund_shop_id_order_id ON refund (shop_id, order_id);

CREATE TABLE return_request (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    order_id UUID NOT NULL,
    state TEXT NOT NULL,
    wish TEXT NOT NULL,
    photos JSONB NOT NULL,
    rejection TEXT NOT NULL,
    label_url TEXT NOT NULL,
    label_code TEXT NOT NULL,
    refund_id UUID,
    refund_minor BIGINT,
    currency VARCHAR(3) NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    received_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_return_request PRIMARY KEY (id),
    CONSTRAINT ck_return_request_state CHECK (state IN ('requested', 'approved', 'rejected', 'received', 'refunded', 'closed')),
    CONSTRAINT ck_return_request_wish CHECK (wish IN ('refund', 'exchange')),
    CONSTRAINT ck_return_request_refund CHECK (refund_minor >= 0),
    CONSTRAINT fk_return_request_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_return_request_order_id FOREIGN KEY(order_id) REFERENCES shop_order (id) ON DELETE CASCADE
);
CREATE INDEX ix_return_request_order_id ON return_request (order_id);
CREATE INDEX ix_return_request_refund_id ON return_request (refund_id);
CREATE INDEX ix_return_request_shop_id_id ON return_request (shop_id, id);

CREATE TABLE stock_level (
    variant_id UUID NOT NULL,
    shop_id UUID NOT NULL,
    sku TEXT NOT NULL,
    on_hand BIGINT NOT NULL,
    CONSTRAINT pk_stock_level PRIMARY KEY (variant_id),
    CONSTRAINT ck_stock_level_on_hand CHECK (on_hand >= 0),
    CONSTRAINT fk_stock_level_variant_id FOREIGN KEY(variant_id) REFERENCES variant (id) ON DELETE CASCADE,
    CONSTRAINT fk_stock_level_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
CREATE INDEX ix_stock_level_shop_id_sku ON stock_level (shop_id, sku);

CREATE TABLE withdrawal (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    order_id UUID,
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    what TEXT NOT NULL,
    declared_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_withdrawal PRIMARY KEY (id),
    CONSTRAINT fk_withdrawal_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE,
    CONSTRAINT fk_withdrawal_order_id FOREIGN KEY(order_id) REFERENCES shop_order (id) ON DELETE SET NULL
);
CREATE INDEX ix_withdrawal_order_id ON withdrawal (order_id);
CREATE INDEX ix_withdrawal_shop_id_id ON withdrawal (shop_id, id);

CREATE TABLE fulfilment_line (
    fulfilment_id UUID NOT NULL,
    sku TEXT NOT NULL,
    shop_id UUID NOT NULL,
    quantity INTEGER NOT NULL,
    CONSTRAINT pk_fulfilment_line PRIMARY KEY (fulfilment_id, sku),
    CONSTRAINT ck_fulfilment_line_quantity CHECK (quantity > 0),
    CONSTRAINT fk_fulfilment_line_fulfilment_id FOREIGN KEY(fulfilment_id) REFERENCES fulfilment (id) ON DELETE CASCADE,
    CONSTRAINT fk_fulfilment_line_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);

CREATE TABLE reservation (
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    variant_id UUID NOT NULL,
    cart_id UUID NOT NULL,
    order_id UUID,
    quantity BIGINT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    CONSTRAINT pk_reservation PRIMARY KEY (id),
    CONSTRAINT ck_reservation_quantity CHECK (quantity > 0),
    CONSTRAINT ck_reservation_state CHECK (state IN ('held', 'consumed', 'released')),
    CONSTRAINT fk_reservation_variant_id FOREIGN KEY(variant_id) REFERENCES stock_level (variant_id) ON DELETE CASCADE
);
CREATE INDEX ix_reservation_cart_id_held ON reservation (cart_id) WHERE state = 'held';
CREATE INDEX ix_reservation_order_id_held ON reservation (order_id) WHERE state = 'held' AND order_id IS NOT NULL;
CREATE INDEX ix_reservation_shop_id_unsold ON reservation (shop_id) WHERE state <> 'consumed';
CREATE UNIQUE INDEX uq_reservation_variant_id_cart_id_held ON reservation (variant_id, cart_id) WHERE state = 'held';

CREATE TABLE return_line (
    return_id UUID NOT NULL,
    sku TEXT NOT NULL,
    shop_id UUID NOT NULL,
    position INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_return_line PRIMARY KEY (return_id, sku),
    CONSTRAINT ck_return_line_quantity CHECK (quantity > 0),
    CONSTRAINT fk_return_line_return_id FOREIGN KEY(return_id) REFERENCES return_request (id) ON DELETE CASCADE,
    CONSTRAINT fk_return_line_shop_id FOREIGN KEY(shop_id) REFERENCES shop (id) ON DELETE CASCADE
);
