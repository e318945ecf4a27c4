-- Erasures are few and each UPDATE of the log looks for its own.
create index erasures on gp.log (account) where type = 'payload_erased';
