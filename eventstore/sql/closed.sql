-- With a single role there is nobody to grant to; the public gets nothing either way.
revoke all on schema gp from public;
revoke execute on all functions in schema gp from public;
