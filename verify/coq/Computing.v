(** * How the kernel computes: intervals of machine floats, tables in machine integers

    coq-interval's intervals over the processor's floats, rounded outward, and tables of small fields packed into
    63-bit integers. What a packed table *is* is defined here by how it is read, so nothing needs to be trusted
    about the packing. *)

From Coq Require Import ZArith List Lia Uint63 PArray.
From Interval Require Import Interval.Float_full Float.Primitive_ops.
From Approxcert Require Import BoxCheck.
Local Open Scope Z_scope.

Module Floats := PrimitiveFloat.
Module Intervals := FloatIntervalFull Floats.
Module Check := BoxCheck.Make Intervals.

(** The precision of the processor's floats, 53 bits. *)
Definition precision : Floats.precision := Floats.PtoP 53.

(** Field number [J] of a table: [per] fields of [bits] bits in each word, the first one highest. *)
Definition field_of (bits per : int) (words : array int) (J : Z) : Z :=
  let j := Uint63.of_Z J in
  let shift := (bits * (per - 1 - j mod per))%uint63 in
  Uint63.to_Z ((words.[j / per] >> shift) mod (1 << bits))%uint63.

Lemma field_of_range : forall bits per words J, 0 < Uint63.to_Z (1 << bits) ->
  0 <= field_of bits per words J < Uint63.to_Z (1 << bits).
Proof. intros. unfold field_of. rewrite Uint63.mod_spec. apply Z.mod_pos_bound. assumption. Qed.
