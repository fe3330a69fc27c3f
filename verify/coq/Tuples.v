(** * Sums over lists, and over all tuples with one entry from each of several lists *)

From Coq Require Import Reals QArith Qreals List Bool Lia Lra.
From Approxcert Require Import Sums LocalUnits.
Import ListNotations.
Local Open Scope R_scope.

(** The sum of [f a] over the entries [a] of [l]. *)
Fixpoint sum_over {A : Type} (l : list A) (f : A -> R) : R :=
  match l with [] => 0 | a :: l' => f a + sum_over l' f end.

(** All lists whose first entry is from the first list, whose second is from the second, and so on, in order. *)
Fixpoint tuples {A : Type} (ls : list (list A)) : list (list A) :=
  match ls with [] => [[]] | l :: ls' => flat_map (fun a => map (cons a) (tuples ls')) l end.

Section Sums.
Context {A : Type}.
Implicit Types (l : list A) (f g : A -> R).

Lemma sum_over_ext : forall l f g, (forall a, In a l -> f a = g a) -> sum_over l f = sum_over l g.
Proof. induction l; intros; simpl; [reflexivity|]. rewrite (IHl f g), H by auto using in_eq, in_cons. reflexivity. Qed.

Lemma sum_over_zero : forall l f, (forall a, In a l -> f a = 0) -> sum_over l f = 0.
Proof. induction l; intros; simpl; [reflexivity|]. rewrite IHl, H by auto using in_eq, in_cons. ring. Qed.

Lemma sum_over_app : forall l l' f, sum_over (l ++ l') f = sum_over l f + sum_over l' f.
Proof. induction l; intros; simpl; [ring|]. rewrite IHl; ring. Qed.

Lemma sum_over_plus : forall l f g, sum_over l (fun a => f a + g a) = sum_over l f + sum_over l g.
Proof. induction l; intros; simpl; [ring|]. rewrite IHl; ring. Qed.

Lemma sum_over_scale : forall l c f, sum_over l (fun a => c * f a) = c * sum_over l f.
Proof. induction l; intros; simpl; [ring|]. rewrite IHl; ring. Qed.

Lemma sum_over_le : forall l f g, (forall a, In a l -> f a <= g a) -> sum_over l f <= sum_over l g.
Proof.
  induction l; intros f g H; simpl; [lra|]. assert (f a <= g a) by (apply H; left; reflexivity).
  assert (sum_over l f <= sum_over l g) by (apply IHl; intros; apply H; right; assumption). lra.
Qed.

Lemma sum_over_abs : forall l f, Rabs (sum_over l f) <= sum_over l (fun a => Rabs (f a)).
Proof.
  induction l; intros; simpl; [rewrite Rabs_R0; lra|]. eapply Rle_trans; [apply Rabs_triang|]. specialize (IHl f). lra.
Qed.

Lemma sum_over_filter : forall l p f, sum_over (filter p l) f = sum_over l (fun a => if p a then f a else 0).
Proof. induction l; intros; simpl; [reflexivity|]. destruct (p a); simpl; rewrite IHl; ring. Qed.

Lemma sum_over_nth : forall l e f, sum (length l) (fun i => f (nth i l e)) = sum_over l f.
Proof.
  induction l; intros; [reflexivity|]. cbn [length]. rewrite sum_first. cbn [nth sum_over]. rewrite IHl. reflexivity.
Qed.

End Sums.

Lemma sum_over_map : forall A B (g : A -> B) (l : list A) (f : B -> R),
  sum_over (map g l) f = sum_over l (fun a => f (g a)).
Proof. induction l; intros; simpl; [reflexivity|]. rewrite IHl. reflexivity. Qed.

Lemma sum_over_flat_map : forall A B (g : A -> list B) (l : list A) (f : B -> R),
  sum_over (flat_map g l) f = sum_over l (fun a => sum_over (g a) f).
Proof. induction l; intros; simpl; [reflexivity|]. rewrite sum_over_app, IHl. reflexivity. Qed.

Lemma sum_over_swap : forall A B (l : list A) (l' : list B) (f : A -> B -> R),
  sum_over l (fun a => sum_over l' (f a)) = sum_over l' (fun b => sum_over l (fun a => f a b)).
Proof.
  induction l; intros; simpl; [symmetry; apply sum_over_zero; reflexivity|]. rewrite IHl, sum_over_plus. reflexivity.
Qed.

Lemma sum_over_seq : forall n f, sum_over (seq 0 n) f = sum n f.
Proof. induction n; intros; [reflexivity|]. rewrite seq_S, sum_over_app, IHn. simpl. ring. Qed.

Lemma sum_over_pairs : forall A B (l : list A) (l' : list B) (f : A * B -> R),
  sum_over (list_prod l l') f = sum_over l (fun a => sum_over l' (fun b => f (a, b))).
Proof. induction l; intros; simpl; [reflexivity|]. rewrite sum_over_app, sum_over_map, IHl. reflexivity. Qed.

(** A sum of products over all tuples is the product of the sums. *)
Lemma sum_tuples : forall A (e : A) (ls : list (list A)) (f : nat -> A -> R),
  sum_over (tuples ls) (fun k => prod (length ls) (fun i => f i (nth i k e)))
  = prod (length ls) (fun i => sum_over (nth i ls []) (f i)).
Proof.
  intros A e ls. induction ls as [|l ls IH]; intros f; [simpl; ring|]. cbn [tuples length].
  rewrite sum_over_flat_map, prod_first. cbn [nth]. rewrite <- (IH (fun i => f (S i))).
  rewrite (Rmult_comm (sum_over l _)), <- sum_over_scale. apply sum_over_ext. intros a _.
  rewrite sum_over_map, (Rmult_comm _ (f 0%nat a)), <- sum_over_scale. apply sum_over_ext. intros k _.
  rewrite prod_first. reflexivity.
Qed.

Lemma in_tuples : forall A (e : A) (ls : list (list A)) k i,
  In k (tuples ls) -> (i < length ls)%nat -> In (nth i k e) (nth i ls []).
Proof.
  intros A e ls. induction ls as [|l ls IH]; intros k i Hk Hi; [simpl in Hi; lia|].
  cbn [tuples] in Hk. apply in_flat_map in Hk as [a [Ha Hk]]. apply in_map_iff in Hk as [k' [<- Hk]].
  destruct i; [assumption|]. apply (IH k' i Hk). simpl in Hi. lia.
Qed.

Lemma length_tuples : forall A (ls : list (list A)) k, In k (tuples ls) -> length k = length ls.
Proof.
  intros A ls. induction ls as [|l ls IH]; intros k Hk; [destruct Hk as [<-|[]]; reflexivity|].
  cbn [tuples] in Hk. apply in_flat_map in Hk as [a [Ha Hk]]. apply in_map_iff in Hk as [k' [<- Hk]].
  simpl. rewrite IH by assumption. reflexivity.
Qed.

(** ** Rational sums and products *)

(** The sum of rationals, and their product. *)
Definition sum_Q (l : list Q) : Q := fold_right Qplus 0%Q l.
Definition prod_Q (l : list Q) : Q := fold_right Qmult 1%Q l.

Lemma Q2R_sum : forall A (g : A -> Q) l, Q2R (sum_Q (map g l)) = sum_over l (fun a => Q2R (g a)).
Proof. induction l; simpl; [apply RMicromega.Q2R_0|]. rewrite Q2R_plus, IHl. reflexivity. Qed.

Lemma Q2R_prod : forall (g : nat -> Q) m, Q2R (prod_Q (map g (seq 0 m))) = prod m (fun i => Q2R (g i)).
Proof.
  assert (E : forall l l', Q2R (prod_Q (l ++ l')) = Q2R (prod_Q l) * Q2R (prod_Q l')).
  { induction l; intros; simpl; [rewrite RMicromega.Q2R_1; ring|]. rewrite !Q2R_mult, IHl. ring. }
  induction m; [apply RMicromega.Q2R_1|]. rewrite seq_S, map_app, E, IHm. simpl. rewrite Q2R_mult, RMicromega.Q2R_1.
  ring.
Qed.
