(** * Kuhn targets in the kernel: nodal values in machine integers, ranges as intervals

    The nodal values are integers over one denominator, in the order of verify/CERTIFICATE.md, 4.1. *)

From Coq Require Import Uint63 PArray Reals QArith Qreals ZArith List Lia Lra.
From Approxcert Require Import Sums GridBoxes KuhnTarget Computing.
Import ListNotations.
Local Open Scope R_scope.

(** The integer at node k of the grid of mesh 1/m: a word less an offset, so that it may be negative. *)
Definition node_value (m : nat) (offset : Z) (words : array int) (k : list Z) : Z :=
  (Uint63.to_Z words.[Uint63.of_Z (fold_left (fun acc z => acc * (Z.of_nat m + 1) + z) k 0)] - offset)%Z.

(** The target: node k/m has the value v(k)/D. *)
Definition kuhn_target (d m : nat) (v : list Z -> Z) (D : positive) : list R -> R :=
  kuhn d m (fun k => IZR (v k) / IZR (Zpos D)).

(** Its ranges on the boxes of grids that refine its own; nothing is known on others. *)
Definition kuhn_ranges (m : nat) (v : list Z -> Z) (D : positive) (M : Z) : list Z -> Intervals.type :=
  let q := Z.to_nat (M / Z.of_nat m) in
  let den := (Pos.of_nat q * D)%positive in
  if (M =? Z.of_nat (q * m))%Z && (1 <=? q)%nat && (1 <=? m)%nat
  then fun js => let r := box_range v q js in Check.between precision (fst r # den) (snd r # den)
  else fun _ => Intervals.nai.

Lemma kuhn_ranges_sound : forall d m v D, Check.encloses_on_boxes d (kuhn_target d m v D) (kuhn_ranges m v D).
Proof.
  intros d m v D M x HM Hx. unfold kuhn_ranges. cbn zeta. set (q := Z.to_nat (M / Z.of_nat m)).
  destruct ((M =? Z.of_nat (q * m))%Z && (1 <=? q)%nat && (1 <=? m)%nat)%bool eqn:E.
  - apply andb_prop in E. destruct E as [E E3]. apply andb_prop in E. destruct E as [E1 E2].
    apply Z.eqb_eq in E1. apply Nat.leb_le in E2. apply Nat.leb_le in E3. rewrite E1.
    apply Check.between_sound. apply (box_range_sound d m q v D x); assumption.
  - unfold Check.encloses. rewrite Intervals.nai_correct. exact Logic.I.
Qed.
