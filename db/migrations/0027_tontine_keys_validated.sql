-- What 0026 left unread: keys that were made before have fewer permissions.
alter table api_keys validate constraint api_keys_permissions;
