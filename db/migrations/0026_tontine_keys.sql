-- API keys that read tontines and pay into them.
alter table api_keys drop constraint api_keys_permissions;
--> statement-breakpoint
alter table api_keys add constraint api_keys_permissions check (cardinality(permissions) > 0
  and permissions <@ array['deposit', 'transfer', 'read', 'withdraw', 'tontine:read', 'tontine:pay']) not valid;
